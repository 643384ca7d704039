import { testCalls } from './call-tests.ts';

testCalls('axios-http', 'axios-fetch');
