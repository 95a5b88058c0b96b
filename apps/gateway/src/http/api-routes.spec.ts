import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { describe, expect, it } from '@jest/globals';
import { GatewayModule, type GatewayParts } from '../gateway.module.js';
import { allowedMethods, API_ROUTES } from './api-routes.js';

/** What Nest really routes, in the notation of the list. */
function routesOfModule(): string[] {
  const controllers = GatewayModule.with({ audit: {} } as GatewayParts).controllers ?? [];
  return controllers.flatMap((controller) => {
    const base = String(Reflect.getMetadata(PATH_METADATA, controller));
    const prototype = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = Object.getOwnPropertyDescriptor(prototype, name)?.value as object;
      const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (method === undefined) return [];
      const path = String(Reflect.getMetadata(PATH_METADATA, handler));
      const full = `/${base}/${path}`
        .replace(/\/+$/, '')
        .replace(/\/+/g, '/')
        .replace(/:([a-zA-Z]+)/g, '{$1}');
      return [`${RequestMethod[method]} ${full}`];
    });
  });
}

describe('the list of routes', () => {
  it('C16 is what the controllers route, no more and no less', () => {
    expect(routesOfModule().sort()).toEqual(API_ROUTES.map((route) => `${route.method} ${route.path}`).sort());
  });

  it('names every operation once', () => {
    const names = API_ROUTES.map((route) => route.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('knows the methods of an address, and none of an address that does not exist', () => {
    expect(allowedMethods('/v1/messages/4/content')).toEqual(['GET']);
    expect(allowedMethods('/v1/cases/_search')).toEqual(['POST']);
    expect(allowedMethods('/v1/cases/4')).toEqual(['GET']);
    expect(allowedMethods('/v1/cases/4/')).toEqual([]);
    expect(allowedMethods('/v2/inbox')).toEqual([]);
  });
});
