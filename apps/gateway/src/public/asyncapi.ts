import { EVENT_FAMILIES, type EventFamily } from '#contracts/domain.js';
import { DEAD_LETTER_TOPIC, NOTIFICATIONS_PREFIX, PARTITIONS_PER_TOPIC } from '#messaging/topics.js';
import { API_VERSION } from '../http/api-routes.js';
import { NOTIFICATION_SCHEMA } from '../http/notification-schema.js';
import { CONTACT } from './openapi.js';

const FAMILY_TITLES: Readonly<Record<EventFamily, string>> = {
  'dossier-request': 'Er is een verzoek om gegevens',
  'dossier-part': 'Er is een dossierdeel',
  'case-notification': 'Er is een bericht over een zaak',
  control: 'Er is een correctie, intrekking of bevestiging',
};

const DESCRIPTION = `Notificaties van de poort aan de organisaties, over Kafka. Een notificatie is informatiearm: zij zegt niet over wie het
gaat, in welke zaak of met welk doel. Haal de inhoud op bij \`dataref\`, over de HTTPS-interface en met een doel.

- CloudEvents in **binary mode**: de attributen staan in headers \`ce_...\`; de waarde is leeg.
- De sleutel is een pseudoniem van de zaak bij deze ontvanger. Volgorde per zaak: \`ce_casesequence\`.
- Een notificatie kan vaker of te laat komen. Verwerk een zaak in volgorde, sla over wat u al had en haal wat u mist op
  uit het postvak (\`GET /v1/inbox\`).
- Alleen met een certificaat (wederzijdse TLS). U leest alleen uw eigen topic, met uw eigen consumer group
  \`ketenpoort-adapter-{oin}\`.`;

/**
 * The AsyncAPI 3.1 document of what the gateway puts on Kafka, as the gateway sees it: it sends.
 * Made from the schema of the notification itself (NL GOV profile for CloudEvents, Kafka binding in binary mode).
 */
export function asyncapiDocument() {
  const messages = Object.fromEntries(EVENT_FAMILIES.map((family) => [messageName(family), message(family)]));
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Ketenpoort notificaties',
      version: API_VERSION,
      description: DESCRIPTION,
      contact: CONTACT,
      license: { name: 'EUPL-1.2', url: 'https://eupl.eu/1.2/nl' },
      tags: [{ name: 'Notificaties', description: 'Informatiearme CloudEvents.' }],
    },
    defaultContentType: 'application/json',
    servers: {
      kafka: {
        host: 'kafka.ketenpoort.example:9093',
        protocol: 'kafka-secure',
        description: 'De adressen van de brokers krijgt u van de beheerder.',
        security: [{ $ref: '#/components/securitySchemes/mutualTls' }],
      },
    },
    channels: {
      notifications: {
        address: `${NOTIFICATIONS_PREFIX}{oin}`,
        title: 'Notificaties van één organisatie',
        description: 'Eén topic per ontvanger. Het aantal partities verandert nooit: de volgorde per zaak hangt eraan.',
        parameters: { oin: { description: 'OIN van de ontvanger: 20 posities.', examples: ['00000099000000000302'] } },
        messages: messageReferences(),
        bindings: { kafka: { partitions: PARTITIONS_PER_TOPIC } },
      },
      deadLetters: {
        address: DEAD_LETTER_TOPIC,
        title: 'Niet afgeleverd',
        description: 'Voor de beheerder: notificaties die te lang geparkeerd stonden. Net zo informatiearm.',
        messages: messageReferences(),
      },
    },
    operations: {
      publishNotification: {
        action: 'send',
        channel: { $ref: '#/channels/notifications' },
        title: 'De poort meldt dat er iets klaarstaat',
        description: 'Na aanvaarding van een bericht, voor elke ontvanger.',
      },
      publishDeadLetter: {
        action: 'send',
        channel: { $ref: '#/channels/deadLetters' },
        title: 'De poort meldt dat iets niet kon worden afgeleverd',
        description: 'Een mens moet kijken: opnieuw aanbieden of overslaan.',
      },
    },
    components: {
      messages,
      schemas: headerSchemas(),
      securitySchemes: {
        mutualTls: { type: 'X509', description: 'Certificaat met de OIN in Subject.serialNumber.' },
      },
    },
  };
}

export type AsyncApiDocument = ReturnType<typeof asyncapiDocument>;

/** `dossier-request` -> `dossierRequest`. */
export function messageName(family: EventFamily): string {
  return family.replace(/-[a-z]/g, (dash) => dash.slice(1).toUpperCase());
}

function headersName(family: EventFamily): string {
  const name = messageName(family);
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Headers`;
}

function messageReferences(): Record<string, object> {
  const names = EVENT_FAMILIES.map(messageName);
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}

function message(family: EventFamily): object {
  return {
    name: messageName(family),
    title: FAMILY_TITLES[family],
    summary: `CloudEvent nl.lvv.${family}.v1, zonder inhoud`,
    headers: { $ref: `#/components/schemas/${headersName(family)}` },
    bindings: { kafka: { key: { type: 'string', description: 'Gelijk aan ce_partitionkey.' } } },
  };
}

/** The Kafka headers of each family: every attribute of the notification with the prefix of the binding. */
function headerSchemas(): Record<string, object> {
  const { required, properties } = NOTIFICATION_SCHEMA;
  return Object.fromEntries(
    EVENT_FAMILIES.map((family) => {
      const attributes = { ...properties, type: { const: `nl.lvv.${family}.v1` } };
      const prefixed = Object.entries(attributes).map(([name, schema]) => [`ce_${name}`, schema] as const);
      const schema = {
        type: 'object',
        additionalProperties: false,
        required: required.map((name) => `ce_${name}`),
        properties: Object.fromEntries(prefixed),
      };
      return [headersName(family), schema] as const;
    }),
  );
}
