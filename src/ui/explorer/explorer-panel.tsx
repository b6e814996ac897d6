/** The API explorer: the list of endpoints beside the overview or the endpoint that the address names. */
import { Button, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLocation } from 'wouter';
import { type Route, routes } from '../../contract/index.ts';
import { FirstField } from '../kit/first-field.tsx';
import { Icon } from '../kit/icons.tsx';
import { onDemand } from '../kit/on-demand.tsx';
import { NotFound } from '../kit/not-found.tsx';
import { EndpointList } from './endpoint-list.tsx';
import classes from './explorer.module.css';
import { Overview } from './overview.tsx';

// Apart from the overview: forms, responses and samples are most of the explorer's code.
const EndpointPage = onDemand('This endpoint', async () => (await import('./endpoint-page.tsx')).EndpointPage);

const endpointId = ({ service, operation }: Route): string => `${service}/${operation}`;

const PLACES = routes.map((route) => ({
  id: endpointId(route),
  title: `${route.endpoint.method} ${route.path}`,
  href: `/api/${endpointId(route)}`,
}));

export function ExplorerPanel() {
  const [path] = useLocation();
  const asked = path.split('/').slice(2).filter(Boolean).join('/');
  const route = routes.find((each) => endpointId(each) === asked);
  const [listOpen, list] = useDisclosure();
  return (
    <div className={classes.root}>
      <aside className={classes.side}>
        <EndpointList current={route} />
      </aside>
      <div className={classes.narrowBar}>
        <Button variant="default" leftSection={<Icon name="list" />} onClick={list.open}>
          Endpoints
        </Button>
      </div>
      <Drawer opened={listOpen} onClose={list.close} title="Endpoints" size="20rem" padding="sm">
        <FirstField>
          <EndpointList current={route} onNavigate={list.close} />
        </FirstField>
      </Drawer>
      <div className={classes.main}>
        {route ? <EndpointPage key={asked} route={route} /> : asked ? <NotFound what="endpoint" id={asked} known={PLACES} /> : <Overview />}
      </div>
    </div>
  );
}
