using Minions.Core.Json;
using Minions.Core.Tokenization.Normalization;
using Minions.Core.Tokenization.Patterns;
using Minions.Core.Tokenization.PreTokenization;

namespace Minions.Core.Tokenization.Decoding;

/// <summary>Reads the <c>decoder</c> of a <c>tokenizer.json</c>.</summary>
/// <remarks>
/// Only orders in which text can be decoded one token at a time are taken: replacements, then byte fallback, then what works on the whole text.
/// </remarks>
internal static class DecodingRulesReader
{
    public static DecodingRules Read(JsonPart? part)
    {
        if (part is not { } decoder)
            return new DecodingRules { JoinWithSpaces = true };

        var rules = new DecodingRules();
        bool fused = false;
        foreach (JsonPart step in Flatten(decoder))
            rules = Add(rules, step, ref fused);
        return rules;
    }

    private static IEnumerable<JsonPart> Flatten(JsonPart part) =>
        part.Text("type") == "Sequence" ? part.Required("decoders").Items().SelectMany(Flatten) : [part];

    private static DecodingRules Add(DecodingRules rules, JsonPart step, ref bool fused)
    {
        string type = step.Text("type");
        bool perToken = type is "Replace" or "Metaspace" or "ByteFallback";
        if ((perToken && (fused || rules.ByteLevel)) || (type is "Replace" or "Metaspace" && rules.ByteFallback))
            throw step.Fault($"is a {type} decoder after one that joins tokens, an order which is not supported");

        switch (type)
        {
            case "ByteLevel" when rules == new DecodingRules() && !fused:
                return rules with { ByteLevel = true };
            case "Replace":
                return rules with { Replacements = [.. rules.Replacements, new ReplaceNormalizer(TextPattern.Read(step.Required("pattern")), step.Text("content"))] };
            case "Metaspace" when rules.DroppedFirstMark is null:
                string mark = PreTokenizerReader.ReadReplacement(step);
                rules = rules with { Replacements = [.. rules.Replacements, new ReplaceNormalizer(TextPattern.OfText(mark), " ")] };
                return PreTokenizerReader.ReadPrependScheme(step) == PrependScheme.Never ? rules : rules with { DroppedFirstMark = mark };
            case "BPEDecoder" when rules == new DecodingRules() && !fused:
                return rules with { WordEnd = step.Optional("suffix")?.Text() ?? "</w>" };
            case "ByteFallback":
                return rules with { ByteFallback = true };
            case "Fuse":
                fused = true;
                return rules;
            case "Strip" when fused && rules.StripCount == 0:
                string content = step.Text("content");
                if (content.Length != 1)
                    throw step.Fault($"strips '{content}', which is not supported; supported is one character");
                if (step.Integer("stop", absent: 0) != 0)
                    throw step.Fault("strips the end of the text, which is not supported");
                return rules with { Strip = content[0], StripCount = step.Integer("start", absent: 0) };
            default:
                throw step.Fault(
                    $"is of the type '{type}', which is not supported here; supported decoders are ByteLevel, Replace, Metaspace, ByteFallback, Fuse, BPEDecoder alone, "
                    + "Strip of the start after Fuse, and Sequence");
        }
    }
}
