package selvedge.server.api.shared;

import java.time.InstantSource;
import selvedge.model.AccountId;
import selvedge.model.Limits;
import selvedge.model.Namespaces;
import selvedge.server.access.Gate;
import selvedge.server.quota.Allowance;

/**
 * What the protocols work on.
 *
 * @param peek finds entries that are in memory
 * @param submit changes one small entry without waiting
 * @param spools where bodies and answers are put that are too large for memory
 * @param defaultAccount the account of callers that name none; it exists before it has a namespace
 */
public record ProtocolContext(
    Namespaces namespaces,
    Peek peek,
    Submit submit,
    Gate gate,
    Allowance allowance,
    Limits limits,
    InstantSource clock,
    Spools spools,
    AccountId defaultAccount) {}
