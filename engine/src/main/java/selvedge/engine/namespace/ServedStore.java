package selvedge.engine.namespace;

import java.time.InstantSource;
import selvedge.engine.feed.Feed;
import selvedge.engine.store.Store;
import selvedge.model.Limits;

/**
 * A store that an origin or a replica serves, with its feed, its limits and its clock.
 *
 * @param clock by which entries expire
 */
public record ServedStore(Store store, Feed feed, Limits limits, InstantSource clock) {}
