using CsCheck;

namespace Minions.Core.Tests.Tokenization.Reference;

/// <summary>Expressions of all constructs that are read.</summary>
internal static class RandomPatterns
{
    private static readonly string[] ClassItems =
    [
        "a", "b", "a-c", "s", "\u00DF", "\u00E9", "\u03C3", @"\w", @"\d", @"\s", @"\p{L}", @"\p{Lu}", @"\P{N}", "\U0001F600", "\uFB01", "\u212A", "k", @"\n",
        "[:alpha:]", "[:^digit:]", "1-3", "\u017F", @"\x{10400}-\x{10450}", "[^a\u03C3]", "[s&&[^a]]",
    ];

    private static readonly string[] Atoms =
    [
        "a", "b", "c", "s", "ss", "ab", "fi", "k", "1", "\u03C3", "\u00DF", "\u00E9", "\u017F", "\uFB01", "\U00010400", "\U0001F600", " ", "\u1FC6", "st", "ffi", @"\n",
        ".", @"\w", @"\W", @"\d", @"\s", @"\S", @"\p{L}", @"\p{Lu}", @"\h", @"\R", @"\p{Greek}", @"\N", @"\O",
    ];

    private static readonly string[] Places =
        [@"\b", @"\B", "^", "$", @"\A", @"\z", @"\Z", "(?<=a)", @"(?<!\s)", "(?<=[ab])", "(?<!\u03C3)", "(?<=(?i:s))", "(?<=^)"];

    private static readonly string[] Quantifiers =
        ["", "", "", "", "*", "+", "?", "*?", "+?", "??", "*+", "++", "?+", "{1,2}", "{2}", "{,2}", "{2}?", "{1,3}?", "{2}+", "{3,1}"];

    private static readonly string[] Openings = ["(", "(?:", "(?i:", "(?=", "(?!", "(?>", "(?-i:"];

    public static Gen<string> Any { get; } = Alternatives(depth: 2);

    private static Gen<string> Alternatives(int depth) => Sequence(depth).Array[1, 2].Select(choices => string.Join('|', choices));

    private static Gen<string> Sequence(int depth) => Item(depth).Array[1, 3].Select(string.Concat);

    private static Gen<string> Item(int depth)
    {
        Gen<string> set = Gen.Select(Gen.Bool, RandomTexts.AnyOf(ClassItems).Array[1, 3], (negated, items) => $"[{(negated ? "^" : "")}{string.Concat(items)}]");
        Gen<string> repeatable = Gen.OneOf(RandomTexts.AnyOf(Atoms), set);
        Gen<string> plain = Gen.Select(repeatable, RandomTexts.AnyOf(Quantifiers), (atom, quantifier) => atom + quantifier);
        Gen<string> place = RandomTexts.AnyOf(Places);
        if (depth == 0)
            return Gen.OneOf(plain, plain, place);

        Gen<string> group = Gen.Select(RandomTexts.AnyOf(Openings), Alternatives(depth - 1), RandomTexts.AnyOf(Quantifiers),
            (opening, body, quantifier) => $"{opening}{body}){(opening is "(?=" or "(?!" ? "" : quantifier)}");
        Gen<string> option = Alternatives(depth - 1).Select(body => $"(?i){body}");
        return Gen.OneOf(plain, plain, place, group, group, option);
    }
}
