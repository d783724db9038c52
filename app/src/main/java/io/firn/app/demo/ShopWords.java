package io.firn.app.demo;

import java.util.List;

/** The words the shop's rows are made of: names in many scripts, products, notes. */
final class ShopWords {
  static final List<String> GIVEN_NAMES =
      List.of(
          "Anna",
          "José",
          "Zoë",
          "Łukasz",
          "Søren",
          "Ελένη",
          "Γιώργος",
          "Анастасия",
          "Дмитро",
          "محمد",
          "فاطمة",
          "נועה",
          "अर्जुन",
          "प्रिया",
          "王芳",
          "小明",
          "さくら",
          "翔太",
          "민준",
          "서연",
          "สมชาย",
          "Nguyễn",
          "Mary",
          "Oluwaseun",
          "Björk",
          "Seán",
          "Çağla",
          "İpek");

  static final List<String> FAMILY_NAMES =
      List.of(
          "Müller",
          "García",
          "O'Brien",
          "Kowalski",
          "Sørensen",
          "Παπαδόπουλος",
          "Иванова",
          "Шевченко",
          "الأحمد",
          "כהן",
          "शर्मा",
          "李",
          "佐藤",
          "김",
          "ใจดี",
          "Văn",
          "Smith",
          "Adeyemi",
          "Guðmundsdóttir",
          "Yılmaz",
          "D\"Angelo",
          "van der Berg");

  static final List<String> COUNTRIES =
      List.of("DE", "ES", "IE", "PL", "DK", "GR", "UA", "EG", "IL", "IN", "CN", "JP", "KR", "TH");

  static final List<String> ADJECTIVES =
      List.of(
          "Alpine",
          "Quiet",
          "Folding",
          "Heavy",
          "Crème",
          "Ultralight",
          "Röd",
          "Waterproof",
          "Vintage",
          "Solar");

  static final List<String> THINGS =
      List.of(
          "tent",
          "kettle",
          "rope",
          "lantern",
          "backpack",
          "stove",
          "map",
          "bottle",
          "jacket",
          "snowshoe",
          "axe",
          "sled");

  static final List<String> CATEGORIES = List.of("camping", "climbing", "clothing", "kitchen");

  static final List<String> STATUSES =
      List.of("new", "paid", "packed", "shipped", "delivered", "returned");

  static final List<String> TIERS = List.of("basic", "silver", "gold");

  static final List<String> CURRENCIES = List.of("EUR", "USD", "JPY", "PLN");

  /** Among them what is easily broken on the way: quotes, emoji, backslashes, an empty text. */
  static final List<String> NOTES =
      List.of(
          "leave at the door",
          "ring twice — the bell is quiet",
          "🎁 gift wrapping, please! 👩‍👩‍👧",
          "配達は午後に",
          "позвонить заранее",
          "\"fragile\" and it's \\ heavy\\",
          "first line\nsecond line\ttabbed",
          "",
          "100 % cotton; 50 \u20ac off");

  private ShopWords() {}
}
