import { testCalls } from './call-tests.ts';

testCalls('ky', 'ky1');
