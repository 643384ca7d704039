import { testCalls } from './call-tests.ts';

testCalls('undici');
