using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Minions.Extensions.AI.Templates.Builtins;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates;

/// <summary>Makes values of a template out of JSON, and marks the strings that come from messages.</summary>
internal static class InputValues
{
    // JSON is read with 64 at most unless somebody asks for more.
    private const int MaximumDepth = 256;

    private static readonly string[] Reserved = ["messages", "tools", "documents", "add_generation_prompt"];

    public static void Define(ChatTemplateInput input, JsonObject? specialTokens, RenderRun run)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(input.Messages, nameof(input));
        run.Define("messages", new ListValue([.. input.Messages.Select(message => Message(message, run))]));
        run.Define("tools", Convert(input.Tools, isContent: true, depth: 0, run));
        run.Define("documents", Convert(input.Documents, isContent: true, depth: 0, run));
        run.Define("add_generation_prompt", BoolValue.Of(input.AddGenerationPrompt));
        foreach ((string name, JsonNode? value) in specialTokens ?? [])
            run.Define(name, Convert(value, isContent: false, depth: 0, run));
        foreach ((string name, JsonNode? value) in Opened(input.Variables ?? []))
        {
            if (Reserved.Contains(name))
                throw new ArgumentException($"The variable '{name}' has a property of its own: set that one.", nameof(input));
            run.Define(name, Convert(value, isContent: false, depth: 0, run));
        }
    }

    private static Value Message(JsonNode? node, RenderRun run)
    {
        if (node is not JsonObject message)
            return Convert(node, isContent: true, depth: 1, run);

        var dict = new DictValue(run, Opened(message).Count);
        foreach ((string name, JsonNode? value) in message)
        {
            // Templates make special tokens out of roles, as in <|user|>. A role of letters only cannot be one by itself.
            bool isContent = name != "role" || value?.GetValueKind() != JsonValueKind.String || !IsRole(Text(value));
            dict.Set(StringValue.FromContent(name), Convert(value, isContent, depth: 2, run));
        }

        return dict;
    }

    private static bool IsRole(string role) => role.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');

    private static Value Convert(JsonNode? node, bool isContent, int depth, RenderRun run)
    {
        if (depth > MaximumDepth)
            throw new ArgumentException($"The input is nested deeper than {MaximumDepth}.");

        switch (node?.GetValueKind() ?? JsonValueKind.Null)
        {
            case JsonValueKind.Object:
                var dict = new DictValue(run, Opened(node!.AsObject()).Count);
                foreach ((string name, JsonNode? value) in node.AsObject())
                    dict.Set(isContent ? StringValue.FromContent(name) : new StringValue(name), Convert(value, isContent, depth + 1, run));
                return dict;
            case JsonValueKind.Array:
                return new ListValue([.. node!.AsArray().Select(item => Convert(item, isContent, depth + 1, run))]);
            case JsonValueKind.String:
                string text = Text(node!);
                return isContent ? StringValue.FromContent(text) : new StringValue(text);
            case JsonValueKind.Number:
                return Number(node!.AsValue());
            case JsonValueKind.True:
                return BoolValue.True;
            case JsonValueKind.False:
                return BoolValue.False;
            default:
                return NoneValue.Instance;
        }
    }

    // Where an object was parsed from text, its names are read when they are first asked for.
    private static JsonObject Opened(JsonObject node)
    {
        try
        {
            _ = node.Count;
            return node;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new ArgumentException(
                $"The input holds an object at '{node.GetPath()}' with a name that is no valid Unicode or is there twice: {exception.Message}", exception);
        }
    }

    private static string Text(JsonNode node)
    {
        try
        {
            return node.AsValue().TryGetValue(out string? given) ? given : node.ToString();
        }
        catch (InvalidOperationException exception)
        {
            // What System.Text.Json throws for a string that is no valid UTF-16, such as an escaped half of a surrogate pair.
            throw new ArgumentException($"The input holds a string at '{node.GetPath()}' that is no valid Unicode: {exception.Message}", exception);
        }
    }

    // Python tells 1 from 1.0 by how it is written; so do numbers of .NET by their type.
    private static NumberValue Number(JsonValue value)
    {
        if (!value.TryGetValue(out JsonElement _))
        {
            if (value.TryGetValue(out double real))
                return new FloatValue(real);
            if (value.TryGetValue(out float single))
                return new FloatValue(double.Parse(single.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
            if (value.TryGetValue(out decimal exact))
                return new FloatValue((double)exact);
        }

        string text = value.ToJsonString();
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
            return new FloatValue(double.Parse(text, CultureInfo.InvariantCulture));

        // To read one takes time that grows with the square of its digits.
        int digits = text.Length - (text.StartsWith('-') ? 1 : 0);
        return digits <= PythonNumber.MaximumDigits
            ? new IntValue(BigInteger.Parse(text, CultureInfo.InvariantCulture))
            : throw new ArgumentException(
                $"The integer at '{value.GetPath()}' of the input has {digits} digits; as in Python, more than {PythonNumber.MaximumDigits} are not read. Give it as a string.");
    }
}
