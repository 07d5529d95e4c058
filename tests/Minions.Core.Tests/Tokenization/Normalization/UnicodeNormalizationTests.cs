using System.Text;
using CsCheck;
using Minions.Core.Tokenization.Normalization;

namespace Minions.Core.Tests.Tokenization.Normalization;

public class UnicodeNormalizationTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
            Gen.Int[0x0, 0x2FFF], Gen.Int[0x300, 0x36F], Gen.Int[0x1100, 0x11FF], Gen.Int[0xAC00, 0xD7A3], Gen.Int[0xF900, 0xFFFF], Gen.Int[0x10000, 0x2FFFF])
        .Where(Rune.IsValid).Select(point => new Rune(point).ToString()).Array[0, 12].Select(string.Concat);

    // Cases of the Unicode standard (UAX #15, figures 3 to 6, and chapter 3.12 for Hangul), with blocked marks and exclusions.
    [TestCase("e\u0301", NormalizationForm.FormC, "\u00E9")]
    [TestCase("\u00E9", NormalizationForm.FormD, "e\u0301")]
    [TestCase("\u212B", NormalizationForm.FormC, "\u00C5")]
    [TestCase("\u1E9B\u0323", NormalizationForm.FormC, "\u1E9B\u0323")]
    [TestCase("\u1E9B\u0323", NormalizationForm.FormD, "\u017F\u0323\u0307")]
    [TestCase("\u1E9B\u0323", NormalizationForm.FormKC, "\u1E69")]
    [TestCase("\u1E9B\u0323", NormalizationForm.FormKD, "s\u0323\u0307")]
    [TestCase("d\u0307\u0323", NormalizationForm.FormC, "\u1E0D\u0307")]
    [TestCase("a\u0301\u0301", NormalizationForm.FormC, "\u00E1\u0301")]
    [TestCase("\u0958", NormalizationForm.FormC, "\u0915\u093C")]
    [TestCase("\u1112\u1161\u11AB", NormalizationForm.FormC, "\uD55C")]
    [TestCase("\uD558\u11AB", NormalizationForm.FormC, "\uD55C")]
    [TestCase("\uD55C", NormalizationForm.FormD, "\u1112\u1161\u11AB")]
    [TestCase("\uD55C\u11AB", NormalizationForm.FormC, "\uD55C\u11AB")]
    [TestCase("\uFB01", NormalizationForm.FormC, "\uFB01")]
    [TestCase("\uFB01", NormalizationForm.FormKC, "fi")]
    [TestCase("\u2460\u00A0", NormalizationForm.FormKD, "1 ")]
    [TestCase("\U0001D15E", NormalizationForm.FormC, "\U0001D157\U0001D165")]
    [TestCase("\U00011099\U000110BA", NormalizationForm.FormC, "\U0001109A")]
    [TestCase("\U0002F800", NormalizationForm.FormC, "\u4E3D")]
    public void Texts_have_the_form_of_the_standard(string text, NormalizationForm form, string expected) =>
        Assert.That(UnicodeNormalization.Normalize(text, form), Is.EqualTo(expected));

    [Test]
    public void Forms_are_stable_and_agree_with_one_another() => Texts.Sample(text =>
    {
        string To(string value, NormalizationForm form) => UnicodeNormalization.Normalize(value, form);
        var composed = To(text, NormalizationForm.FormC);
        var decomposed = To(text, NormalizationForm.FormD);
        return To(composed, NormalizationForm.FormC) == composed
            && To(decomposed, NormalizationForm.FormD) == decomposed
            && To(decomposed, NormalizationForm.FormC) == composed
            && To(composed, NormalizationForm.FormD) == decomposed
            && To(composed, NormalizationForm.FormKC) == To(text, NormalizationForm.FormKC)
            && To(To(text, NormalizationForm.FormKD), NormalizationForm.FormC) == To(text, NormalizationForm.FormKC);
    }, iter: 5000);

    [TestCase("\u0130STANBUL \u03A3", "i\u0307stanbul \u03C3")]
    [TestCase("\U00010400", "\U00010428")]
    public void Lower_case_goes_character_by_character(string text, string expected) =>
        Assert.That(new LowercaseNormalizer().Normalize(text), Is.EqualTo(expected));
}
