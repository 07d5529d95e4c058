using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Minions.Extensions.AI.Tests.Templates;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Tests.Chat;

/// <summary>In which form a conversation is put where a template does not show the one that it came in. What comes from it is in guillemets.</summary>
internal sealed class ConversationFormTests
{
    private static readonly AIFunction Weather = AIFunctionFactory.Create((string town) => $"{town}: sun", "weather", "Tells the weather.");

    private static readonly ChatMessage[] TwoCalls =
    [
        new(ChatRole.User, "Q"),
        new(ChatRole.Assistant, [new TextReasoningContent("Hm."), Call("1", "Rome"), Call("2", "Bern")]),
        new(ChatRole.Tool, [new FunctionResultContent("1", "hot"), new FunctionResultContent("2", "cold")]),
    ];

    [Test]
    public void Calls_come_one_by_one_each_with_its_result() => Assert.That(
        Behind("one-call-raises", "Q"),
        Is.EqualTo("<|eot|>" +
            "<|head|>assistant<|/head|>\n\n{\"name\": \"«weather»\", \"parameters\": «{\"town\": \"Rome\"}»}<|eot|><|head|>ipython<|/head|>\n\n«hot»<|eot|>" +
            "<|head|>assistant<|/head|>\n\n{\"name\": \"«weather»\", \"parameters\": «{\"town\": \"Bern\"}»}<|eot|><|head|>ipython<|/head|>\n\n«cold»<|eot|>" +
            "<|head|>assistant<|/head|>\n\n"));

    [Test]
    public void Calls_that_the_template_leaves_out_are_written_as_the_model_writes_them_and_their_markers_are_tokens() => Assert.That(
        Behind("tools-without-calls", "Q"),
        Is.EqualTo("<|im_end|>\n<|im_start|>assistant\n<|tool_call_start|>«[weather(town=\"Rome\"), weather(town=\"Bern\")]»<|tool_call_end|><|im_end|>\n" +
            "<|im_start|>tool\n<|tool_response_start|>«hot»<|tool_response_end|><|im_end|>\n<|im_start|>tool\n<|tool_response_start|>«cold»<|tool_response_end|><|im_end|>\n<|im_start|>assistant\n"));

    [Test]
    public void Results_in_messages_of_the_user_are_in_one_where_roles_take_turns() => Assert.That(
        Behind("no-system-alternating", "Q"),
        Does.EndWith("<start_of_turn>user\n<tool_response>\n«hot»\n</tool_response>«\n»<tool_response>\n«cold»\n</tool_response><end_of_turn>\n<start_of_turn>model\n"));

    [Test]
    public void Tools_that_the_template_does_not_show_are_announced_with_the_calls_that_it_renders()
    {
        string prompt = Render("calls-without-tools", TwoCalls);
        Assert.That(prompt, Does.Contain("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function_name<｜tool▁sep｜>{\"first_parameter\": \"text\", \"second_parameter\": 1}<｜tool▁call▁end｜><｜tool▁calls▁end｜>"));
        Assert.That(prompt, Does.Contain("<｜tool▁call▁begin｜>«weather»<｜tool▁sep｜>«{\"town\": \"Bern\"}»<｜tool▁call▁end｜>").And.Contain("<｜tool▁output▁begin｜>«cold»"));
    }

    [Test]
    public async Task Their_calls_are_read_in_that_form()
    {
        using ScriptedChat chat = new ScriptedChat("calls-without-tools").Says("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>{\"town\": \"Rome\"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>");
        ChatResponse response = await chat.AskAsync("Q", new ChatOptions { Tools = [Weather] });
        Assert.That(response.Messages[0].Contents.OfType<FunctionCallContent>().Single().Arguments!["town"]!.ToString(), Is.EqualTo("Rome"));
    }

    [Test]
    public void Tools_are_put_into_the_system_message_where_the_template_looks_for_them_there()
    {
        Assert.That(Render("tools-in-system-member", TwoCalls), Does.StartWith("<|system|><|tool|>«[{\"name\":\"weather\",\"description\":\"Tells the weather.\","));
        Assert.That(Behind("tools-in-system-member", "Q"), Does.StartWith("<|end|><|assistant|><|tool_call|>«[{\"name\":\"weather\",\"arguments\":{\"town\":\"Rome\"}}, "));
    }

    [Test]
    public void Reasoning_since_the_last_question_is_put_between_its_markers_where_the_template_reads_no_member_for_it()
    {
        ChatMessage[] two = [.. TwoCalls, new(ChatRole.Assistant, "A"), new(ChatRole.User, "Q2"), new(ChatRole.Assistant, [new TextReasoningContent("Aha."), Call("3", "Oslo")]), new(ChatRole.Tool, [new FunctionResultContent("3", "ice")])];
        string prompt = Render("first-system-only", two);
        Assert.That(prompt, Does.Contain("[INST]«Q2»[/INST][THINK]«Aha.»[/THINK][TOOL_CALLS]«weather»"));
        Assert.That(prompt, Does.Not.Contain("Hm."), "what was thought for an earlier answer is over");
        Assert.That(Render("calls-without-tools", two), Does.Not.Contain("Aha."), "the template cuts thoughts out by itself");
    }

    [Test]
    public void A_later_system_message_is_told_with_the_users_words_where_the_template_takes_none()
    {
        ChatMessage[] messages = [new(ChatRole.System, "S"), new(ChatRole.User, "Q"), new(ChatRole.Assistant, "A"), new(ChatRole.System, "L"), new(ChatRole.User, "Q2"), new(ChatRole.System, "E")];
        Assert.That(Render("system-must-lead", messages, offers: false), Is.EqualTo(
            "<|im_start|>system\n«S»<|im_end|>\n<|im_start|>user\n«Q»<|im_end|>\n<|im_start|>assistant\n«A»<|im_end|>\n<|im_start|>user\n«L\n\nQ2\n\nE»<|im_end|>\n<|im_start|>assistant\n"));
        Assert.That(Render("no-system-alternating", messages, offers: false), Does.StartWith("<start_of_turn>user\n«S\n\nQ»<end_of_turn>\n"));
    }

    [Test]
    public void A_developer_is_the_system_where_the_template_does_not_know_one()
    {
        ChatMessage[] messages = [new(new ChatRole("developer"), "D"), new(ChatRole.User, "Q")];
        Assert.That(Render("system-must-lead", messages, offers: false, instructions: "I"), Does.StartWith("<|im_start|>system\n«I\n\nD»<|im_end|>\n<|im_start|>user"));
        Assert.That(Render("chatml", messages, offers: false, instructions: "I"), Does.StartWith("<|im_start|>system\n«I»<|im_end|>\n<|im_start|>developer\n«D»<|im_end|>\n"));
    }

    [Test]
    public void An_author_is_named_where_the_template_names_authors() => Assert.That(
        Render("calls-only-with-tools", [new(ChatRole.User, "Q") { AuthorName = "Ada" }], offers: false), Is.EqualTo("<|user|>«Ada»: «Q»<|end|><|assistant|>"));

    [TestCase("no-system-silent", 71, "shows no tools")]
    [TestCase("unknown-calls", 72, "shows tools, but not how the model writes calls")]
    [TestCase("system-with-last", 73, "takes either text or calls")]
    [TestCase("tools", null, null)]
    public async Task What_is_unusual_about_a_template_is_told_once(string template, int? id, string? message)
    {
        Lines lines = new();
        using ScriptedChat chat = new ScriptedChat(template, logger: lines).Says("x").Says("x");
        await chat.AskAsync("Q");
        await chat.AskAsync("Q");
        Assert.That(lines.Written.Select(line => (int?)line.Id), Is.EqualTo(id is null ? [] : new[] { id }));
        Assert.That(lines.Written.Select(line => line.Text), message is null ? Is.Empty : Has.All.Contains(message));
    }

    [Test]
    public async Task Function_invocation_goes_on_after_two_calls_at_once()
    {
        // Two calls of a model whose template raises for them.
        using ScriptedChat chat = new ScriptedChat("one-call-raises")
            .Says("""{"name": "weather", "parameters": {"town": "Rome"}}; {"name": "weather", "parameters": {"town": "Bern"}}""").Says("Sunny.");
        IChatClient client = chat.Client.AsBuilder().UseFunctionInvocation().Build();
        ChatResponse response = await client.GetResponseAsync("Q", new ChatOptions { Tools = [Weather] });
        Assert.That(response.Text, Is.EqualTo("Sunny."));
        Assert.That(chat.Prompts[1], Does.Contain("Rome: sun").And.Contain("Bern: sun"));
    }

    private static string Behind(string template, string question)
    {
        string prompt = Render(template, TwoCalls);
        return prompt[(prompt.LastIndexOf($"{question}»", StringComparison.Ordinal) + question.Length + 1)..];
    }

    private static string Render(string template, ChatMessage[] messages, bool offers = true, string? instructions = null) => Rendering.Marked(
        WholeConversationTests.Models[template].Render(messages, instructions, offers ? ToolCatalog.From([Weather]) : ToolCatalog.Empty, []));

    private static FunctionCallContent Call(string id, string town) => new(id, "weather", new Dictionary<string, object?> { ["town"] = town });

    private sealed class Lines : ILogger<MinionsChatClient>
    {
        public List<(int Id, string Text)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add((eventId.Id, formatter(state, exception)));
    }
}
