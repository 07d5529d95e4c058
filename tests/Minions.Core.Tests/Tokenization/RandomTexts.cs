using System.Globalization;
using System.Text;
using CsCheck;

namespace Minions.Core.Tests.Tokenization;

/// <summary>Texts of all planes; what no vocabulary was trained on included.</summary>
internal static class RandomTexts
{
    private static readonly string[] Seams =
    [
        "a", "B", "s", " ", "  ", "\n", "\r\n", "\t", "'s", "'LL", "1", "23", "\u00B2", "\u00E9", "e\u0301", "\u0130", "\u3042", "\u4E2D",
        "\U0001F600", "\U00020000", "\U0001D7D8", "\U00010400", "\u2581", "\u00A0", "\u3000", "\u200D", "\0", "<0x41>", "<|", "</s",
    ];

    /// <summary>Half of the characters from where the expressions' alternatives meet, half from everywhere.</summary>
    public static Gen<string> Wellformed { get; } = Gen.OneOf(
            AnyOf(Seams),
            Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Select(point => new Rune(point).ToString()))
        .Array[0, 40].Select(string.Concat);

    /// <summary>Any UTF-16 units, lone surrogates among them.</summary>
    public static Gen<string> Broken { get; } = Gen.Char.Array[0, 30].Select(units => new string(units));

    /// <summary>One of some texts, each as likely.</summary>
    public static Gen<string> AnyOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    /// <summary>A number of texts, times what the environment variable MINIONS_TEST_TEXTS says: comparisons over very many take minutes.</summary>
    public static int Times(int texts) =>
        int.TryParse(Environment.GetEnvironmentVariable("MINIONS_TEST_TEXTS"), NumberStyles.None, CultureInfo.InvariantCulture, out int factor) ? texts * Math.Max(1, factor) : texts;
}
