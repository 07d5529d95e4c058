using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.AI;
using Minions.Extensions.AI.Templates;
using Minions.Extensions.AI.Tests.Chat;
using Minions.Extensions.AI.ToolCalls;
using Minions.Extensions.AI.ToolCalls.Learning;
using Minions.Extensions.AI.ToolCalls.Messages;

namespace Minions.Extensions.AI.Tests.ToolCalls;

/// <summary>Whatever a model writes, reading it throws nothing, and what was read can be put to the model again.</summary>
public class WhateverTheModelWritesTests
{
    private static readonly ChatTemplate Template = ChatTemplate.Parse(VectorTemplates.Source("tools"));

    // The text of strings in JSON, of which some are no characters.
    private static readonly Gen<string> Words = WrittenCall.OneOf(
        ["a", "x", "city", "name", "\\ud83d", "\\ude00", "\\uD83D\\uDE00", "\ud83d", "\\\\", "\\\"", "\\n", "\n", "\0", "\\u0000", "é", "\\/", "\\", "</tool_call>", "'", ""])
        .Array[0, 3].Select(string.Concat);

    private static readonly Gen<string> Leaves = Gen.OneOf(
        Words.Select(text => $"\"{text}\""),
        WrittenCall.OneOf(["1", "-0", "1.0", "1e999", "-1E-999", "123456789012345678901234567890", "true", "null", "01", "NaN", "", new string('[', 70) + new string(']', 70)]));

    private static readonly Gen<string> Values = Nested(Nested(Nested(Leaves)));

    private static readonly Gen<string> Objects = Gen.Select(Words, Values).Array[0, 3].Select(members => $"{{{string.Join(",", members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}");

    private static readonly Gen<string> Outputs = Gen.Select(WrittenCall.OneOf([.. Dialect.All.Select(dialect => dialect.Name)]), Words, Objects, Gen.Int[0, 60]).Select((dialect, name, arguments, cut) =>
    {
        // The arguments are put in place of those of a call that its format writes rightly.
        string written = Dialect.All.First(by => by.Name == dialect).Write([new WrittenCall("get_weather", new JsonObject { ["zq"] = 1 })]);
        string output = written.Replace("""{"zq":1}""", arguments, StringComparison.Ordinal).Replace("get_weather", cut % 3 == 0 ? name : "get_weather", StringComparison.Ordinal);
        return cut < 40 ? output : output[..Math.Min(output.Length, cut)];
    });

    private static IReadOnlyList<Dialect> Dialects => Dialect.All;

    [TestCaseSource(nameof(Dialects))]
    public void Reading_throws_nothing_and_what_was_read_renders_back(object dialect) => Gen.Select(Outputs, Gen.Int[1, 9].Array[1, 3]).Sample((output, lengths) =>
    {
        Dialect by = (Dialect)dialect;
        ReadOutput read = ReadOutput.Of(by.Syntax, ReadOutput.Split(output, lengths));
        AIContent[] contents = [.. read.Calls.Select(call => OutputContents.ToContent(new CallPart(call)))];
        FunctionCallContent[] whole = [.. contents.OfType<FunctionCallContent>().Where(call => !call.InformationalOnly)];
        foreach (bool asText in (bool[])[false, true])
        {
            ChatMessage[] history = [new(ChatRole.User, "x"), new(ChatRole.Assistant, contents), .. whole.Select(call => new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "r")]))];
            var markup = new ChatMarkup { Syntax = by.Syntax, ArgumentsAsText = asText };
            JsonArray messages = ConversationWriter.Write(TemplateMessages.From(history, markup), null, ToolCatalog.Empty, new ConversationForm(), markup).Messages;
            JsonNode[] functions = [.. (messages[1]!["tool_calls"] as JsonArray ?? []).Select(call => call!["function"]!)];
            Assert.That(functions.Select(function => function["name"]!.GetValue<string>()), Is.EqualTo(whole.Select(call => call.Name)));
            foreach ((JsonNode function, FunctionCallContent call) in functions.Zip(whole))
            {
                JsonElement back = JsonSerializer.SerializeToElement(asText ? JsonNode.Parse(function["arguments"]!.GetValue<string>()) : function["arguments"]);
                Assert.That(JsonElement.DeepEquals(back, Tools.Json((string)call.RawRepresentation!)), (string)call.RawRepresentation!);
            }

            Assert.That(Template.Render(new ChatTemplateInput { Messages = messages }).Text, Is.Not.Empty);
        }
    });

    private static Gen<string> Nested(Gen<string> values) => Gen.Frequency(
        (3, values),
        (1, values.Array[0, 3].Select(items => $"[{string.Join(",", items)}]")),
        (1, Gen.Select(WrittenCall.OneOf(["x", "y", "\\ud83d", "\\ude00"]), values).Array[0, 3].Select(members => $"{{{string.Join(",", members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}")));
}
