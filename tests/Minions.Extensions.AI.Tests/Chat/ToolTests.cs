using Microsoft.Extensions.AI;
using Minions.Core.Generation;

namespace Minions.Extensions.AI.Tests.Chat;

internal sealed class ToolTests
{
    private static readonly AIFunction Weather = AIFunctionFactory.Create(
        ([System.ComponentModel.Description("The town")] string town, int days = 1) => $"{town}: sun for {days}", "weather", "Tells the weather.");

    private const string Call = "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"town\": \"Rome\", \"days\": 2}}\n</tool_call>";

    [TestCase("tools")]
    [TestCase(null)]
    public async Task A_call_is_read_from_the_stream_and_nothing_of_its_markup_is_text(string? template)
    {
        using ScriptedChat chat = new ScriptedChat(template).Says("Let me look.\n" + Call);
        List<ChatResponseUpdate> updates = await chat.Client.GetStreamingResponseAsync("Weather?", new ChatOptions { Tools = [Weather] }).ToListAsync();
        FunctionCallContent call = updates.SelectMany(update => update.Contents).OfType<FunctionCallContent>().Single();

        Assert.That(string.Concat(updates.Select(update => update.Text)), Is.EqualTo("Let me look."));
        Assert.That((call.Name, call.Arguments!["town"]!.ToString(), call.Arguments["days"]!.ToString()), Is.EqualTo(("weather", "Rome", "2")));
        Assert.That(call.CallId, Is.Not.Empty);
        Assert.That(updates[^1].FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
        Assert.That(chat.Prompts.Single(), Does.Contain("weather").And.Contain("The town"), "the tool is shown to the model");
    }

    [TestCase("tools")]
    [TestCase(null)]
    public async Task Function_invocation_runs_a_loop_of_two_steps(string? template)
    {
        using ScriptedChat chat = new ScriptedChat(template).Says(Call).Says("It will be sunny.");
        IChatClient client = chat.Client.AsBuilder().UseFunctionInvocation().Build();
        ChatResponse response = await client.GetResponseAsync("Weather in Rome?", new ChatOptions { Tools = [Weather] });

        Assert.That(response.Text, Is.EqualTo("It will be sunny."));
        Assert.That(response.Messages, Has.Count.EqualTo(3));
        Assert.That(chat.Prompts[1], Does.Contain("<tool_call>").And.Contain("Rome: sun for 2"), "call and result come back");
        Assert.That(response.Usage!.AdditionalCounts!["minions.rounds"], Is.GreaterThan(1), "counts add up over both steps");
    }

    [Test]
    public async Task Without_tools_what_looks_like_a_call_is_text()
    {
        using ScriptedChat chat = new ScriptedChat("tools").Says(Call).Says(Call);
        Assert.That((await chat.AskAsync("x")).Text, Is.EqualTo(Call));
        Assert.That((await chat.AskAsync("x", new ChatOptions { Tools = [Weather], ToolMode = ChatToolMode.None })).Text, Is.EqualTo(Call));
    }

    [Test]
    public async Task One_call_is_enough_where_several_are_not_allowed()
    {
        using ScriptedChat chat = new ScriptedChat("tools").Says(Call + "\n" + Call).Says(Call + "\n" + Call);
        ChatResponse several = await chat.AskAsync("x", new ChatOptions { Tools = [Weather] });
        ChatResponse one = await chat.AskAsync("x", new ChatOptions { Tools = [Weather], AllowMultipleToolCalls = false });

        Assert.That(several.Messages[0].Contents.OfType<FunctionCallContent>().Select(call => call.CallId).Distinct().Count(), Is.EqualTo(2));
        Assert.That(one.Messages[0].Contents.OfType<FunctionCallContent>().Count(), Is.EqualTo(1));
        Assert.That(one.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
        Assert.That(one.Usage!.OutputTokenCount, Is.InRange(1, several.Usage!.OutputTokenCount!.Value));
        Assert.That(one.RawRepresentation, Is.InstanceOf<GenerationResult>(), "ended and not cancelled, which would lose the cache");
    }

    [Test]
    public async Task Arguments_that_cannot_be_read_come_with_the_reason_and_do_not_throw()
    {
        using ScriptedChat chat = new ScriptedChat("tools").Says("<tool_call>\n{\"name\": \"weather\", \"arguments\": {town}}\n</tool_call>");
        FunctionCallContent call = (await chat.AskAsync("x", new ChatOptions { Tools = [Weather] })).Messages[0].Contents.OfType<FunctionCallContent>().Single();

        Assert.That(call.Exception, Is.Not.Null);
        Assert.That(call.RawRepresentation, Is.EqualTo("{\"name\": \"weather\", \"arguments\": {town}}"));
    }

    [Test]
    public async Task Function_invocation_runs_no_tool_whose_arguments_cannot_be_read()
    {
        int runs = 0;
        AIFunction weather = AIFunctionFactory.Create((string town = "nowhere", int days = 1) => $"{town} {days} {runs++}", "weather");
        using ScriptedChat chat = new ScriptedChat("tools").Says("Let me look.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {town}}\n</tool_call>").Says("unasked");
        IChatClient client = chat.Client.AsBuilder().UseFunctionInvocation().Build();
        ChatResponse response = await client.GetResponseAsync("Weather?", new ChatOptions { Tools = [weather] });

        Assert.That(runs, Is.Zero);
        Assert.That(response.Text, Is.EqualTo("Let me look."));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single().Exception, Is.Not.Null);
        Assert.That(chat.Prompts, Has.Count.EqualTo(1), "the loop ends");
    }

    [Test]
    public async Task A_second_call_that_is_cut_off_is_not_shown_to_the_model_again()
    {
        using ScriptedChat chat = new ScriptedChat("tools").Says(Call + "\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"town\": \"Par", ends: false).Says("Sunny.");
        var reasons = new List<ChatFinishReason?>();
        IChatClient client = chat.Client.AsBuilder().UseFunctionInvocation().Use(
            async (messages, options, inner, cancellation) =>
            {
                ChatResponse response = await inner.GetResponseAsync(messages, options, cancellation);
                reasons.Add(response.FinishReason);
                return response;
            }, null).Build();
        int limit = chat.Tokens(Call + "\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"town\": \"Par");
        ChatResponse answer = await client.GetResponseAsync("Weather?", new ChatOptions { Tools = [Weather], MaxOutputTokens = limit });

        Assert.That(answer.Text, Is.EqualTo("Sunny."));
        Assert.That(reasons, Is.EqualTo(new ChatFinishReason?[] { ChatFinishReason.Length, ChatFinishReason.Stop }));
        Assert.That(chat.Prompts[1].Split("<tool_call>"), Has.Length.EqualTo(chat.Prompts[0].Split("<tool_call>").Length + 1), "one call, the one that was run");
    }

    [Test]
    public async Task A_stop_sequence_inside_a_call_is_told_as_what_cut_it_off()
    {
        using ScriptedChat chat = new ScriptedChat("tools").Says(Call);
        ChatResponse response = await chat.AskAsync("x", new ChatOptions { Tools = [Weather], StopSequences = ["}"] });

        FunctionCallContent call = response.Messages[0].Contents.OfType<FunctionCallContent>().Single();
        Assert.That(call.InformationalOnly, Is.True);
        Assert.That(call.Exception!.Message, Does.Contain("stop sequence").And.Contain("weather"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
    }

    [Test]
    public async Task Calls_of_two_steps_have_ids_of_their_own_whatever_the_model_writes()
    {
        const string Numbered = "<tool_call>\n{\"id\": \"1\", \"name\": \"weather\", \"arguments\": {\"town\": \"Rome\"}}\n</tool_call>";
        using ScriptedChat chat = new ScriptedChat("tools").Says(Numbered).Says(Numbered).Says("Sunny.");
        IChatClient client = chat.Client.AsBuilder().UseFunctionInvocation().Build();
        ChatResponse response = await client.GetResponseAsync("Weather?", new ChatOptions { Tools = [Weather] });

        string[] ids = [.. response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(call => call.CallId)];
        Assert.That(ids, Has.Length.EqualTo(2));
        Assert.That(ids, Is.Unique);
    }

    [TestCase("{\"town\": {\"x\": 1, \"x\": 2}}")]
    [TestCase("{\"town\": \"\\ud83d\"}")]
    [TestCase("{\"\\ud83d\": 1, \"town\": \"\\ude00\"}")]
    public async Task What_the_model_wrote_does_not_stop_the_next_turn(string arguments)
    {
        using ScriptedChat chat = new ScriptedChat("tools").Says($"<tool_call>\n{{\"name\": \"weather\", \"arguments\": {arguments}}}\n</tool_call>").Says("Sunny.");
        ChatResponse first = await chat.AskAsync("x", new ChatOptions { Tools = [Weather] });
        FunctionCallContent call = first.Messages[0].Contents.OfType<FunctionCallContent>().Single();
        ChatMessage[] history = [new(ChatRole.User, "x"), .. first.Messages, new(ChatRole.Tool, [new FunctionResultContent(call.CallId, "sun")])];

        Assert.That(call.Exception, Is.Null);
        Assert.That((await chat.Client.GetResponseAsync(history, new ChatOptions { Tools = [Weather] })).Text, Is.EqualTo("Sunny."));
    }

    [Test]
    public async Task A_call_that_is_cut_off_is_told_and_not_run()
    {
        using ScriptedChat chat = new ScriptedChat("tools").Says(Call);
        ChatResponse response = await chat.AskAsync("x", new ChatOptions { Tools = [Weather], MaxOutputTokens = 12 });

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Length));
        Assert.That(response.Messages[0].Contents.OfType<FunctionCallContent>().Single().InformationalOnly, Is.True);
    }

    [Test]
    public async Task Reasoning_is_told_apart_counted_and_left_out_on_demand()
    {
        const string Source = "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}";
        using ScriptedChat chat = new ScriptedChat(configure: options => options.Templates = Minions.Extensions.AI.Templates.ChatTemplateSet.FromSource(Source))
            .Says("<think>\nTwo and two.\n</think>\n\nFour.").Says("<think>\nTwo and two.\n</think>\n\nFour.").Says("Four.");
        ChatResponse shown = await chat.AskAsync("2+2?");
        ChatResponse hidden = await chat.AskAsync("2+2?", new ChatOptions { Reasoning = new() { Output = ReasoningOutput.None } });
        await chat.AskAsync("2+2?", new ChatOptions { Reasoning = new() { Effort = ReasoningEffort.None } });

        Assert.That(shown.Text, Is.EqualTo("Four."));
        Assert.That(shown.Messages[0].Contents.OfType<TextReasoningContent>().Single().Text, Is.EqualTo("Two and two."));
        Assert.That(shown.Usage!.ReasoningTokenCount, Is.InRange(3, 10));
        Assert.That(hidden.Messages[0].Contents.OfType<TextReasoningContent>(), Is.Empty);
        Assert.That(hidden.Usage!.ReasoningTokenCount, Is.EqualTo(shown.Usage.ReasoningTokenCount));
        Assert.That(chat.Prompts[2], Does.EndWith("<think>\n\n</think>\n\n"));
    }
}
