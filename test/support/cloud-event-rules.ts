import { Ajv2020 } from 'ajv/dist/2020.js';
import { isInstant } from '#contracts/date-formats.js';

const MAX_EVENT_BYTES = 64 * 1024;
const NAME = /^[a-z0-9]{1,20}$/;
/** Of organisations, as the profile prefers: namespace `nld`, kind of number, number, then the system. */
const SOURCE = /^urn:nld:(oin|kvknr):[0-9A-Za-z]+([:.][^\s]+)?$/;
const REVERSE_DNS = /^[a-z]{2,}(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;
/** V-numbers of the field's synthetic persons, and anything as long as a citizen number standing alone. */
const PERSON_NUMBER = /(?<![0-9a-f-])(\d{9,10})(?![0-9a-f-])/;
/** May hold digits of their own: addresses, numbers that count, and random ones. */
const WITHOUT_PERSON = ['specversion', 'type', 'subject', 'datacontenttype', 'dataschema'];

const attribute = { type: 'string', minLength: 1 } as const;
/** What CloudEvents 1.0 asks of every event in the JSON format: four attributes, and no attribute without a value. */
const BASE = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type'],
  properties: {
    specversion: { const: '1.0' },
    id: attribute,
    source: attribute,
    type: attribute,
    datacontenttype: attribute,
    dataschema: { ...attribute, pattern: '^[a-z][a-z0-9+.-]*:' },
    subject: attribute,
    time: { ...attribute, format: 'date-time' },
    data: {},
    data_base64: { type: 'string' },
  },
  // An extension has a simple value: no object, no list, and never null.
  additionalProperties: { type: ['string', 'integer', 'boolean'] },
  not: { required: ['data', 'data_base64'] },
};
const isBase = new Ajv2020({ allErrors: true, strict: false, formats: { 'date-time': isInstant } }).compile(BASE);

/** What speaks against an event: CloudEvents 1.0, then the Dutch profile 1.1 (C23); empty when nothing does. */
export function eventProblems(event: Readonly<Record<string, unknown>>): readonly string[] {
  const base = isBase(event) ? [] : (isBase.errors ?? []).map((one) => `base ${one.instancePath} ${one.message ?? ''}`);
  const { data: _data, data_base64: _bytes, ...attributes } = event;
  const names = Object.keys(attributes).filter((name) => !NAME.test(name));
  const texts = WITHOUT_PERSON.filter((name) => {
    const text = attributes[name];
    return typeof text === 'string' && PERSON_NUMBER.test(text);
  });
  return [
    ...base,
    ...names.map((name) => `name ${name}`),
    ...(SOURCE.test(String(event.source)) ? [] : [`source ${String(event.source)}`]),
    ...(REVERSE_DNS.test(String(event.type)) ? [] : [`type ${String(event.type)}`]),
    ...texts.map((name) => `number of a person in ${name}`),
    ...(Buffer.byteLength(JSON.stringify(event)) <= MAX_EVENT_BYTES ? [] : ['larger than 64 KB']),
  ];
}
