using System.Text;
using Minions.Core.Json;
using Minions.Core.Tokenization.Patterns;

namespace Minions.Core.Tokenization.Normalization;

/// <summary>Reads the <c>normalizer</c> of a <c>tokenizer.json</c>; nested sequences become one list.</summary>
internal static class NormalizerReader
{
    public static IReadOnlyList<INormalizer> Read(JsonPart? part)
    {
        var normalizers = new List<INormalizer>();
        if (part is { } normalizer)
            Read(normalizer, normalizers);
        return normalizers;
    }

    private static void Read(JsonPart part, List<INormalizer> normalizers)
    {
        switch (part.Text("type"))
        {
            case "Sequence":
                foreach (JsonPart item in part.Required("normalizers").Items())
                    Read(item, normalizers);
                break;
            case "NFC":
                normalizers.Add(new UnicodeNormalizer(NormalizationForm.FormC));
                break;
            case "NFD":
                normalizers.Add(new UnicodeNormalizer(NormalizationForm.FormD));
                break;
            case "NFKC":
                normalizers.Add(new UnicodeNormalizer(NormalizationForm.FormKC));
                break;
            case "NFKD":
                normalizers.Add(new UnicodeNormalizer(NormalizationForm.FormKD));
                break;
            case "Lowercase":
                normalizers.Add(new LowercaseNormalizer());
                break;
            case "Prepend":
                normalizers.Add(new PrependNormalizer(part.Text("prepend")));
                break;
            case "Replace":
                normalizers.Add(new ReplaceNormalizer(TextPattern.Read(part.Required("pattern")), part.Text("content")));
                break;
            case "Strip":
                normalizers.Add(new StripNormalizer(part.Flag("strip_left", absent: true), part.Flag("strip_right", absent: true)));
                break;
            case "StripAccents":
                normalizers.Add(new StripAccentsNormalizer());
                break;
            case "Nmt":
                normalizers.Add(new NmtNormalizer());
                break;
            case "ByteLevel":
                normalizers.Add(new ByteLevelNormalizer());
                break;
            case "Precompiled":
                // Files without a map of their own leave texts as they are.
                if (part.Optional("precompiled_charsmap") is not { IsString: true } map || map.Text().Length != 0)
                    normalizers.Add(PrecompiledNormalizer.Read(part));
                break;
            case var type:
                throw part.Fault(
                    $"is of the type '{type}', which is not supported; supported normalizers are NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Nmt, "
                    + "Precompiled, ByteLevel, Prepend, Replace and Sequence");
        }
    }
}
