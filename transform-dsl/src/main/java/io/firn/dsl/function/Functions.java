package io.firn.dsl.function;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All functions, by name. */
public final class Functions {
  private static final List<FunctionSpec> ALL = collect();
  private static final Map<String, FunctionSpec> BY_NAME = index();

  private Functions() {}

  private static List<FunctionSpec> collect() {
    List<FunctionSpec> all = new ArrayList<>();
    all.addAll(ConditionFunctions.ALL);
    all.addAll(NumberFunctions.ALL);
    all.addAll(TextFunctions.ALL);
    all.addAll(TimeFunctions.ALL);
    return List.copyOf(all);
  }

  private static Map<String, FunctionSpec> index() {
    Map<String, FunctionSpec> byName = new HashMap<>();
    for (FunctionSpec spec : ALL) {
      List<String> names = new ArrayList<>(spec.aliases());
      names.add(spec.name());
      for (String name : names) {
        if (byName.put(name, spec) != null) {
          throw new IllegalStateException("Two functions are named " + name);
        }
      }
    }
    return Map.copyOf(byName);
  }

  /** Every function, by group. */
  public static List<FunctionSpec> all() {
    return ALL;
  }

  /** The function that a name, in any case, stands for. */
  public static Optional<FunctionSpec> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name.toUpperCase(Locale.ROOT)));
  }

  /** Every name and alias. */
  public static Set<String> names() {
    return BY_NAME.keySet();
  }
}
