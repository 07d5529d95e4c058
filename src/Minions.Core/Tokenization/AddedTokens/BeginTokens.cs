using Minions.Core.Json;

namespace Minions.Core.Tokenization.AddedTokens;

/// <summary>Reads which ids a model's configuration puts in front of every text.</summary>
/// <remarks>
/// <c>add_bos_token</c> of <c>tokenizer_config.json</c> decides where it is there; otherwise the template of <c>tokenizer.json</c> does. What a
/// template puts behind the text (an end token) is left out: a text to be continued has none.
/// </remarks>
internal static class BeginTokens
{
    /// <summary>The ids of the <c>post_processor</c> of a <c>tokenizer.json</c>.</summary>
    public static int[] Read(JsonPart? postProcessor)
    {
        if (postProcessor is not { } part)
            return [];

        switch (part.Text("type"))
        {
            case "Sequence":
                return [.. part.Required("processors").Items().SelectMany(item => Read(item))];
            case "ByteLevel":
                // Changes offsets only.
                return [];
            case "TemplateProcessing":
                return ReadTemplate(part);
            case "RobertaProcessing" or "BertProcessing":
                return [ReadPair(part.Required("cls"))];
            case var type:
                throw part.Fault(
                    $"is of the type '{type}', which is not supported; supported post-processors are TemplateProcessing, RobertaProcessing, BertProcessing, ByteLevel and Sequence");
        }
    }

    /// <summary>Applies a <c>tokenizer_config.json</c>.</summary>
    public static int[] Override(int[] template, JsonPart config, Func<string, int?> idOf)
    {
        if (config.Optional("add_bos_token") is null)
            return template;
        if (!config.Flag("add_bos_token", absent: false))
            return [];
        if (template.Length != 0)
            return template;

        JsonPart token = config.Required("bos_token");
        string content = token.IsString ? token.Text() : token.Text("content");
        return [idOf(content) ?? throw token.Fault($"is '{content}', which tokenizer.json does not hold")];
    }

    private static int ReadPair(JsonPart part)
    {
        JsonPart[] pair = [.. part.Items().Take(3)];
        return pair.Length == 2 ? pair[1].Integer() : throw part.Fault("is not a token with its id");
    }

    private static int[] ReadTemplate(JsonPart part)
    {
        var ids = new List<int>();
        foreach (JsonPart item in part.Required("single").Items())
        {
            if (item.Optional("Sequence") is not null)
                return [.. ids];

            string name = item.Required("SpecialToken").Text("id");
            ids.AddRange(part.Required("special_tokens").Required(name).Required("ids").Items().Select(id => id.Integer()));
        }

        throw part.Fault("has a template without the text itself");
    }
}
