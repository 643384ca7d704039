import { inject } from 'vitest';
import { httpbin } from '../../helpers/digest-scenarios/httpbin.ts';
import { runWithServer } from '../digest-scenarios.ts';

runWithServer('httpbin', httpbin, inject('httpbin').origin);
