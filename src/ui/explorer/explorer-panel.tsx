/** The API explorer: the list of endpoints beside the overview or the endpoint that the address names. */
import { Button, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useRoute } from 'wouter';
import { routes } from '../../contract/index.ts';
import { Icon } from '../kit/icons.tsx';
import { onDemand } from '../kit/on-demand.tsx';
import { EndpointList } from './endpoint-list.tsx';
import classes from './explorer.module.css';
import { Overview } from './overview.tsx';

// Apart from the overview: forms, responses and samples are most of the explorer's code.
const EndpointPage = onDemand('This endpoint', async () => (await import('./endpoint-page.tsx')).EndpointPage);

export function ExplorerPanel() {
  const [, params] = useRoute('/api/:service?/:operation?');
  const route = routes.find(({ service, operation }) => service === params?.service && operation === params.operation);
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
        <EndpointList current={route} onNavigate={list.close} />
      </Drawer>
      <div className={classes.main}>
        {route ? <EndpointPage key={`${route.service}/${route.operation}`} route={route} /> : <Overview />}
      </div>
    </div>
  );
}
