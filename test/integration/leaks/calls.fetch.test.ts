import { testCalls } from './call-tests.ts';

testCalls('fetch', 'undici-fetch');
