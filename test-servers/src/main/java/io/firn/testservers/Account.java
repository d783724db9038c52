package io.firn.testservers;

/**
 * Name and password of a database or storage account.
 *
 * @param user the name, or the access key
 * @param password the password, or the secret key; not part of {@link #toString()}
 */
public record Account(String user, String password) {
  @Override
  public String toString() {
    return user + ":***";
  }
}
