using Minions.Core.Json;
using Minions.Core.Tokenization.Patterns;

namespace Minions.Core.Tokenization.PreTokenization;

/// <summary>Reads the <c>pre_tokenizer</c> of a <c>tokenizer.json</c>; nested sequences become one list.</summary>
internal static class PreTokenizerReader
{
    public static IReadOnlyList<IPreTokenizer> Read(JsonPart? part)
    {
        var preTokenizers = new List<IPreTokenizer>();
        if (part is { } preTokenizer)
            Read(preTokenizer, preTokenizers);
        return preTokenizers;
    }

    /// <summary>Reads the scheme of a Metaspace part, in its present form or as the <c>add_prefix_space</c> of older files.</summary>
    public static PrependScheme ReadPrependScheme(JsonPart part) => part.Optional("prepend_scheme")?.Text() switch
    {
        "always" => PrependScheme.Always,
        "first" => PrependScheme.First,
        "never" => PrependScheme.Never,
        null => part.Flag("add_prefix_space", absent: true) ? PrependScheme.Always : PrependScheme.Never,
        var scheme => throw part.Fault($"has the prepend scheme '{scheme}', which is not known; known are always, first and never"),
    };

    public static string ReadReplacement(JsonPart part) => part.Optional("replacement")?.Text() ?? "\u2581";

    private static void Read(JsonPart part, List<IPreTokenizer> preTokenizers)
    {
        switch (part.Text("type"))
        {
            case "Sequence":
                foreach (JsonPart item in part.Required("pretokenizers").Items())
                    Read(item, preTokenizers);
                break;
            case "ByteLevel":
                preTokenizers.Add(new ByteLevelPreTokenizer(part.Flag("add_prefix_space", absent: true), part.Flag("use_regex", absent: true)));
                break;
            case "Split":
                preTokenizers.Add(new SplitPreTokenizer(
                    TextPattern.Read(part.Required("pattern")), ReadBehavior(part.Required("behavior")), part.Flag("invert", absent: false)));
                break;
            case "Digits":
                preTokenizers.Add(new DigitsPreTokenizer(part.Flag("individual_digits", absent: false)));
                break;
            case "Metaspace":
                preTokenizers.Add(new MetaspacePreTokenizer(ReadReplacement(part), ReadPrependScheme(part), part.Flag("split", absent: true)));
                break;
            case "Punctuation":
                preTokenizers.Add(new PunctuationPreTokenizer(
                    part.Optional("behavior") is { } behavior ? ReadBehavior(behavior) : SplitBehavior.Isolated));
                break;
            case "Whitespace":
                preTokenizers.Add(new WhitespacePreTokenizer());
                break;
            case "WhitespaceSplit":
                preTokenizers.Add(new WhitespaceSplitPreTokenizer());
                break;
            case "BertPreTokenizer":
                preTokenizers.Add(new WhitespaceSplitPreTokenizer());
                preTokenizers.Add(new PunctuationPreTokenizer(SplitBehavior.Isolated));
                break;
            case "CharDelimiterSplit":
                preTokenizers.Add(new DelimiterPreTokenizer(part.Text("delimiter")));
                break;
            case "FixedLength":
                int length = part.Integer("length", absent: 5);
                preTokenizers.Add(length > 0 ? new FixedLengthPreTokenizer(length) : throw part.Fault($"has the length {length}; the least is 1"));
                break;
            case var type:
                throw part.Fault(
                    $"is of the type '{type}', which is not supported; supported pre-tokenizers are ByteLevel, Split, Digits, Metaspace, Punctuation, Whitespace, "
                    + "WhitespaceSplit, CharDelimiterSplit, FixedLength, BertPreTokenizer and Sequence");
        }
    }

    private static SplitBehavior ReadBehavior(JsonPart part) => part.Text() switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var behavior => throw part.Fault($"is '{behavior}', which is no behaviour of a Split"),
    };
}
