package selvedge.model;

import java.time.Instant;

/** What is known of a namespace apart from its entries. */
public record NamespaceInfo(NamespaceId id, AccountId account, String title, Instant createdAt) {}
