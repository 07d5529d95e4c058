using System.Text.Json;
using Microsoft.Extensions.AI;
using Minions.Extensions.AI.ToolCalls;
using Minions.Extensions.AI.ToolCalls.Formats;

namespace Minions.Extensions.AI.Tests.ToolCalls;

public class OutputContentsTests
{
    private static readonly OutputSyntax Hermes = new(new HermesFormat(), null);

    [Test]
    public void Parts_become_the_contents_of_a_response()
    {
        Assert.That(((TextContent)OutputContents.ToContent(new TextPart("a"))).Text, Is.EqualTo("a"));
        Assert.That(((TextReasoningContent)OutputContents.ToContent(new ReasoningPart("b"))).Text, Is.EqualTo("b"));
        FunctionCallContent call = Call("<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Rome\", \"share\": null}}</tool_call>");
        Assert.That((call.Name, call.Exception, call.InformationalOnly), Is.EqualTo(("get_weather", (Exception?)null, false)));
        Assert.That(call.Arguments!["city"], Is.InstanceOf<JsonElement>());
        Assert.That(call.Arguments["share"], Is.Null);
    }

    [Test]
    public void A_call_that_cannot_be_read_carries_the_exception()
    {
        FunctionCallContent call = Call("<tool_call>{\"name\": \"now\", \"arguments\": {bad}}</tool_call>");
        Assert.That((call.Name, call.Arguments), Is.EqualTo(("now", (IDictionary<string, object?>?)null)));
        Assert.That(call.Exception, Is.InstanceOf<JsonException>());
        Assert.That(call.InformationalOnly, "who runs calls would run the tool with its defaults");
    }

    [TestCase("<tool_call>{\"name\": \"now\", \"arguments\": { \"a\": 1e3}}</tool_call>", "{ \"a\": 1e3}")]
    [TestCase("<tool_call>{\"name\": \"now\"}</tool_call>", "{}")]
    [TestCase("<tool_call>{\"name\": \"now\", \"arguments\": {bad}}</tool_call>", "{\"name\": \"now\", \"arguments\": {bad}}")]
    [TestCase("<tool_call>{\"name\": \"now\", \"argu", "<tool_call>{\"name\": \"now\", \"argu")]
    public void The_raw_representation_is_the_text_of_the_arguments(string output, string text) =>
        Assert.That(Call(output).RawRepresentation, Is.EqualTo(text));

    [Test]
    public void A_call_that_names_no_tool_has_an_empty_name() =>
        Assert.That(Call("<tool_call>{\"arguments\": {}}</tool_call>").Name, Is.Empty);

    [Test]
    public void A_call_that_was_cut_off_is_not_for_running()
    {
        FunctionCallContent call = Call("<tool_call>{\"name\": \"now\", ");
        Assert.That(call.Exception, Is.InstanceOf<EndOfStreamException>());
        Assert.That(call.InformationalOnly);
    }

    private static FunctionCallContent Call(string output) =>
        (FunctionCallContent)OutputContents.ToContent(new CallPart(ReadOutput.Of(Hermes, output).Calls.Single()));
}
