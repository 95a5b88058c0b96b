/** The hand-written part of the page: what is not claimed, and the road to it. */
export const NOT_CLAIMED = `## Not claimed: FSC (C06 to C15)

The Digikoppeling REST profile makes FSC Core and FSC Logging mandatory for closed exchange between sectors (DK-1,
DK-2). Ketenpoort speaks what lies below it (mutual TLS with OIN certificates, HTTPS, problem documents) and what lies
beside it (standard logs). It is no FSC inway and no manager: it knows no contracts of a group, no grants, no access
tokens, no \`Fsc-*\` headers and no transaction log of FSC. Rows C06 to C15 are about those, so they are not claimed. An
installation that must have them today puts an existing inway in front of the gateway.

The road there does not touch the exchange itself:

1. **Inway in front.** An FSC inway ends the TLS of the caller, so the certificate no longer says who calls. The gateway
   then takes the OIN from the token in \`Fsc-Authorization\` (claims \`sub\` and \`act\`), on a listener that the inway
   alone can reach with a certificate of its own. The room \`peers/\` is the only place that answers "who is calling";
   a second way to answer it is one file there. The rule that internal headers from outside are removed (C21) stays.
2. **Transaction id.** \`Fsc-Transaction-Id\` (UUID version 7) becomes the trace of a call without \`traceparent\`, and goes
   into the record and into the decision as \`adl.fsc.transaction_id\`. Its checks (C09) are two codes of the catalogue,
   answered in the shape of FSC, since its errors differ from those of the API Design Rules.
3. **Own inway.** Tokens bound to the certificate (C06, C07), errors passed on unaltered (C08), the transaction record
   before the service is called (C10, C11). The gateway already commits its record before it answers; the record of
   FSC is a projection of it, as the other standard views are. \`GET /logs\` (C12) is a search by the organisation that
   asks, which the access log has.
4. **Manager.** Contracts with hashes over canonical JSON, grants, signatures, the directory (C13 to C15). Nothing of
   the gateway can serve here, and the purposes of the policy have to be written into the properties of a contract.
   It is the largest part, and the reason to take an existing manager.

Digikoppeling lets installations of before keep profile 1.1 until 1 January 2027, and gives new ones no such time: whoever
puts this gateway into production between sectors has to decide on step 1 first.

## Not claimed: Kafka between organisations

No Dutch standard covers Kafka between organisations: FSC knows HTTP/1.1 and HTTP/2 on ports 443 and 8443 only. The
broker therefore belongs to the domain of the gateway. An organisation may read its own topic, with its own certificate
and rights on nothing else, and finds numbers and references there and no personal data (C23 to C25). Whoever may not
or will not do so has the same notifications in the same order over HTTPS, in its inbox. AsyncAPI and the
CloudEvents binding for Kafka are used as the general standards that they are, since no Dutch profile of either exists.
`;
