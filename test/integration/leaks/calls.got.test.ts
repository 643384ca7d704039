import { testCalls } from './call-tests.ts';

testCalls('got', 'got14');
