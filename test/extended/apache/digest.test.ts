import { inject } from 'vitest';
import { apache } from '../../helpers/digest-scenarios/apache.ts';
import { runWithServer } from '../digest-scenarios.ts';

runWithServer('apache', apache, inject('apache').origin);
