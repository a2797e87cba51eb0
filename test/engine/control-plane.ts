// The control-plane endpoints that a reader of recordings needs: who the token is, workspaces, projects with the address of their
// engine, their servers, and workspace devices. Workspaces, projects and servers are those that the recordings name.

import type { JsonObject } from '../../shared/recording/json-text.ts';
import type { Devices } from './devices.ts';
import { optionalText, Refusal, type Ask, type Endpoint } from './endpoint.ts';
import type { Store } from './store.ts';

/** A list cut into pages of `pageSize` from `page` 1 on. `q` looks into the names. */
function paged(name: string, list: readonly JsonObject[], { query }: Ask): string {
  const number = (parameter: string, usual: number): number => {
    const value = Number(query.get(parameter) ?? usual);
    if (!Number.isInteger(value) || value < 1) throw new Refusal(400, `${parameter} must be a whole number from 1`);
    return value;
  };
  const page = number('page', 1);
  const pageSize = number('pageSize', 50);
  const q = query.get('q') ?? '';
  const status = query.get('status');
  const found = list.filter((one) => String(one['name']).includes(q) && (status === null || one['status'] === status));
  return JSON.stringify({
    [name]: found.slice((page - 1) * pageSize, page * pageSize),
    page,
    pageSize,
    total: found.length,
    totalPages: Math.ceil(found.length / pageSize),
  });
}

/** The control plane's endpoints. `address` gives the host and port of the engine, once it is known. */
export function controlEndpoints(store: Store, devices: Devices, address: () => string): Endpoint[] {
  const projects = (): JsonObject[] =>
    store.places().map(({ workspaceId, projectId }) => ({
      id: projectId,
      workspaceId,
      name: projectId,
      endpoint: projectId.replaceAll('_', '-'),
      url: address(),
      status: 'active',
      provider: 'sample',
      plan: 'sample',
      deployment: 'shared',
    }));
  const project = (member: string, value: string): JsonObject => {
    const found = projects().find((one) => one[member] === value);
    if (found === undefined) throw new Refusal(404, 'there is no such project');
    return found;
  };
  const servers = (projectId: string): JsonObject[] => {
    const { workspaceId } = project('id', projectId);
    const place = store.places().find((one) => one.projectId === projectId);
    return (place?.servers ?? []).map((id) => ({ id, workspaceId, projectId, name: id, status: 'active' }));
  };
  const workspaces = ({ query }: Ask): JsonObject[] => {
    const ids = new Set([...store.places(), ...devices.all()].map(({ workspaceId }) => workspaceId));
    return [...ids]
      .map((id) => ({ id, type: 'enterprise', name: id, membershipStatus: 'active' }))
      .filter((one) => [null, one.type].includes(query.get('type')))
      .filter((one) => [null, one.membershipStatus].includes(query.get('membershipStatus')));
  };
  const whoami = ({ token }: Ask): string =>
    JSON.stringify({ id: 'usr_sample', role: 'user', name: 'Sample', permissions: token.permissions });

  const get = (name: Endpoint['name'], path: string, answer: Endpoint['answer']): Endpoint => ({
    name,
    method: 'GET',
    path,
    permissions: [],
    answer,
  });
  const post = (name: Endpoint['name'], path: string, answer: (ask: Ask) => JsonObject): Endpoint => ({
    name,
    method: 'POST',
    path,
    permissions: [],
    answer: (ask) => JSON.stringify(answer(ask)),
  });
  const enterprise = 'workspaces/:ws/enterprise/devices';
  return [
    get('whoami', 'whoami', whoami),
    get('workspaces', 'workspaces', (ask) => JSON.stringify({ workspaces: workspaces(ask) })),
    get('projects', 'projects/tunnels', (ask) => paged('projects', projects(), ask)),
    get('projects', 'workspaces/:ws/projects/tunnels', (ask) =>
      paged(
        'projects',
        projects().filter(({ workspaceId }) => workspaceId === ask.ids[0]),
        ask,
      ),
    ),
    get('project', 'projects/tunnels/resolve/:endpoint', ({ ids }) => JSON.stringify(project('endpoint', ids[0]!))),
    get('project', 'projects/tunnels/:id', ({ ids }) => JSON.stringify(project('id', ids[0]!))),
    get('servers', 'projects/tunnels/:id/webtty/servers', (ask) => paged('servers', servers(ask.ids[0]!), ask)),
    post('lookup', `${enterprise}/lookup`, ({ ids, body }) => devices.lookup(ids[0]!, body)),
    post('enrol', enterprise, ({ ids, body }) => devices.enrol(ids[0]!, body)),
    post('revoke', `${enterprise}/:device/revoke`, ({ ids, body }) => {
      optionalText(body, 'reason');
      return devices.revoke(ids[0]!, ids[1]!, body);
    }),
  ];
}
