import { inject } from 'vitest';
import { lighttpd } from '../../helpers/digest-scenarios/lighttpd.ts';
import { runWithServer } from '../digest-scenarios.ts';

runWithServer('lighttpd', lighttpd, inject('lighttpd').origin);
