package io.firn.dsl.finding;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that someone probably meant, by edit distance. */
public final class ClosestName {
  private ClosestName() {}

  /** The valid name that is nearest, if any is near enough to be what was meant. */
  public static Optional<String> of(String written, Collection<String> valid) {
    if (written.length() > 200) {
      return Optional.empty();
    }
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String name : valid) {
      int distance = distance(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        best = name;
        bestDistance = distance;
      }
    }
    // Any two names of one or two letters are alike.
    int limit = Math.min(3, written.length() / 3);
    return bestDistance <= limit ? Optional.ofNullable(best) : Optional.empty();
  }

  /** {@code did you mean 'x'?}, or the alternative if nothing is near. */
  public static String hint(String written, Collection<String> valid, String otherwise) {
    return of(written, valid)
        .map(name -> "did you mean " + Quoted.of(name) + "?")
        .orElse(otherwise);
  }

  /** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
  static int distance(String a, String b) {
    int[] beforePrevious = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
        }
      }
      int[] recycled = beforePrevious;
      beforePrevious = previous;
      previous = current;
      current = recycled;
    }
    return previous[b.length()];
  }
}
