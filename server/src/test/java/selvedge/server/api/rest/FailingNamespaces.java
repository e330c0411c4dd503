package selvedge.server.api.rest;

import java.util.List;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceMode;
import selvedge.model.Namespaces;
import selvedge.model.SelvedgeException;

/** Namespaces that exist but cannot be opened. */
final class FailingNamespaces implements Namespaces {
  private final Namespaces there;
  private final SelvedgeException failure;

  FailingNamespaces(Namespaces there, SelvedgeException failure) {
    this.there = there;
    this.failure = failure;
  }

  @Override
  public Optional<NamespaceInfo> find(NamespaceId id) {
    return there.find(id);
  }

  @Override
  public Optional<NamespaceInfo> find(AccountId account, String title) {
    return there.find(account, title);
  }

  @Override
  public List<NamespaceInfo> list(AccountId account) {
    return there.list(account);
  }

  @Override
  public List<AccountId> accounts() {
    return there.accounts();
  }

  @Override
  public NamespaceInfo create(AccountId account, String title, NamespaceMode mode) {
    throw failure;
  }

  @Override
  public NamespaceInfo rename(NamespaceId id, String title) {
    throw failure;
  }

  @Override
  public void delete(NamespaceId id) {
    throw failure;
  }

  @Override
  public Namespace open(NamespaceId id) {
    throw failure;
  }
}
