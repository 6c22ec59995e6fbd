import { asyncApiDocument } from './asyncapi.ts';
import { openApiDocument } from './openapi.ts';
import { referencePage } from './page/page.ts';

/** The documents as files, by the path at which they lie beside the page. `styles` is where the page finds its style sheet. */
export function documentFiles({ styles }: { styles: string }): Record<string, string> {
  const openapi = openApiDocument({ strict: false });
  const asyncapi = asyncApiDocument({ strict: false });
  return {
    'reference/openapi.json': JSON.stringify(openapi),
    'reference/asyncapi.json': JSON.stringify(asyncapi),
    'reference/docs.html': referencePage({ openapi, asyncapi }, { styles }),
  };
}
