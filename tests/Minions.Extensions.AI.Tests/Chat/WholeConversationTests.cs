using Microsoft.Extensions.AI;
using Minions.Extensions.AI.Chat;
using Minions.Extensions.AI.Templates;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Tests.Chat;

/// <summary>Whatever a template shows, refuses or leaves out: all that a conversation says is in the prompt, once and in order.</summary>
internal sealed class WholeConversationTests
{
    private const string LeavesTextBesideCallsOut = "The template takes either text or calls, and roles in turn.";

    private static readonly ToolCatalog Weather = ToolCatalog.From([Tool()]);

    private static readonly Dictionary<(string Template, string Case), string> Known = new()
    {
        [("system-with-last", "text beside a call")] = LeavesTextBesideCallsOut,
        [("inst-strict-ids", "text beside a call")] = LeavesTextBesideCallsOut,
    };

    private static readonly Conversation[] Conversations =
    [
        new("system", [System("qqsystem"), User("qquser")]) { Said = ["qquser"], Somewhere = ["qqsystem"] },
        new("instructions", [User("qquser")]) { Instructions = "qqinstruct", Said = ["qquser"], Somewhere = ["qqinstruct"] },
        new("developer", [Developer("qqdevelop"), User("qquser")]) { Said = ["qquser"], Somewhere = ["qqdevelop"] },
        new("instructions and developer", [Developer("qqdevelop"), User("qquser")])
            { Instructions = "qqinstruct", Said = ["qquser"], Somewhere = ["qqinstruct", "qqdevelop"] },
        new("two system messages", [System("qqsystem"), System("qqlater"), User("qquser")]) { Said = ["qquser"], Somewhere = ["qqsystem", "qqlater"] },
        new("a later system message", [System("qqsystem"), User("qquser"), Assistant("qqanswer"), System("qqlater"), User("qqmore")])
            { Said = ["qquser", "qqanswer", "qqmore"], Somewhere = ["qqsystem", "qqlater"] },
        new("a system message at the end", [User("qquser"), Assistant("qqanswer"), User("qqmore"), System("qqlater")])
            { Said = ["qquser", "qqanswer", "qqmore"], Somewhere = ["qqlater"] },
        new("a later developer message", [User("qquser"), Assistant("qqanswer"), Developer("qqdevelop"), User("qqmore")])
            { Said = ["qquser", "qqanswer", "qqmore"], Somewhere = ["qqdevelop"] },
        new("roles twice", [User("qquser"), User("qqsecond"), Assistant("qqanswer"), Assistant("qqfurther"), User("qqmore")])
            { Said = ["qquser", "qqsecond", "qqanswer", "qqfurther", "qqmore"] },
        new("tools", [User("qquser")]) { Tools = Weather, Said = ["qquser"], Somewhere = ["qqtool", "qqdescribe", "qqtown"] },
        new("system and tools", [System("qqsystem"), User("qquser")]) { Tools = Weather, Said = ["qquser"], Somewhere = ["qqsystem", "qqdescribe"] },
        new("developer, instructions and tools", [Developer("qqdevelop"), User("qquser")])
            { Instructions = "qqinstruct", Tools = Weather, Said = ["qquser"], Somewhere = ["qqinstruct", "qqdevelop", "qqdescribe"] },
        new("a call", [System("qqsystem"), User("qquser"), new(ChatRole.Assistant, [Call("1", "qqfirst")]), Results("1", "qqresult")])
            { Tools = Weather, Said = ["qquser", "qqfirst", "qqresult"], Somewhere = ["qqsystem"] },
        new("two calls", [User("qquser"), new(ChatRole.Assistant, [Call("1", "qqfirst"), Call("2", "qqother")]), Results("1", "qqresult", "2", "qqoutcome")])
            { Tools = Weather, Said = ["qquser", "qqfirst", "qqother"], Results = ["qqresult", "qqoutcome"] },
        new("results apart", [User("qquser"), new(ChatRole.Assistant, [Call("1", "qqfirst"), Call("2", "qqother")]), Results("2", "qqoutcome"), Results("1", "qqresult")])
            { Tools = Weather, Said = ["qquser", "qqfirst", "qqother"], Somewhere = ["qqresult", "qqoutcome"] },
        new("steps", [User("qquser"), new(ChatRole.Assistant, [Call("1", "qqfirst")]), Results("1", "qqresult"), new(ChatRole.Assistant, [Call("2", "qqother")]), Results("2", "qqoutcome")])
            { Tools = Weather, Said = ["qquser", "qqfirst", "qqresult", "qqother", "qqoutcome"] },
        new("a call and more", [User("qquser"), new(ChatRole.Assistant, [Call("1", "qqfirst")]), Results("1", "qqresult"), Assistant("qqanswer"), User("qqmore")])
            { Tools = Weather, Said = ["qquser", "qqfirst", "qqresult", "qqanswer", "qqmore"] },
        new("text beside a call", [User("qquser"), new(ChatRole.Assistant, [new TextContent("qqbeside"), Call("1", "qqfirst")]), Results("1", "qqresult")])
            { Tools = Weather, Said = ["qquser", "qqfirst", "qqresult"], Somewhere = ["qqbeside"] },
        new("calls without tools", [User("qquser"), new(ChatRole.Assistant, [Call("1", "qqfirst")]), Results("1", "qqresult"), Assistant("qqanswer"), User("qqmore")])
            { Said = ["qquser", "qqfirst", "qqresult", "qqanswer", "qqmore"] },
        new("a failed call", [User("qquser"), new(ChatRole.Assistant, [Call("1", "qqfirst")]), new(ChatRole.Tool, [new FunctionResultContent("1", null) { Exception = new TimeoutException("qqfailure") }])])
            { Tools = Weather, Said = ["qquser", "qqfirst", "qqfailure"] },
    ];

    /// <summary>The templates that show a plain conversation.</summary>
    internal static readonly Dictionary<string, ChatModel> Models = VectorTemplates.Names.Select(name => (name, Model: ModelOf(name))).Where(pair => pair.Model is not null)
        .ToDictionary(pair => pair.name, pair => pair.Model!);

    private static IEnumerable<TestCaseData> Cases() => from template in Models.Keys
                                                        from conversation in Conversations
                                                        select new TestCaseData(template, conversation).SetArgDisplayNames(template, conversation.Name);

    [TestCaseSource(nameof(Cases))]
    public void All_that_is_said_is_in_the_prompt_once_and_in_order(string template, Conversation conversation)
    {
        string prompt = Render(Models[template], conversation).Text;
        string[] lost = [.. conversation.Words.Where(word => Count(prompt, word) == 0)];
        if (lost.Length > 0 && Known.TryGetValue((template, conversation.Name), out string? reason))
            Assert.Pass(reason);

        // A tool's words are in its announcement alone where they are not the call's.
        Assert.That(lost, Is.Empty, prompt);
        Assert.That(conversation.Said.Concat(conversation.Results).Where(word => Count(prompt, word) != 1), Is.Empty, prompt);
        foreach (string[] words in (string[][])[conversation.Said, conversation.Results])
            Assert.That(words.Select(word => prompt.IndexOf(word, StringComparison.Ordinal)), Is.Ordered, prompt);
    }

    [Test]
    public void Most_templates_are_of_conversations() => Assert.That(Models, Has.Count.GreaterThan(25));

    private static ChatModel? ModelOf(string template)
    {
        try
        {
            var model = new ChatModel(ChatTemplateSet.FromSource(VectorTemplates.Source(template)), ScriptedChat.Tokenizer, new MinionsChatClientOptions(), new ChatClientMetadata());
            string prompt = model.Render([User("qquser"), Assistant("qqanswer"), User("qqmore")], null, ToolCatalog.Empty, []).Text;
            return ((string[])["qquser", "qqanswer", "qqmore"]).All(word => Count(prompt.ToLowerInvariant(), word) == 1) ? model : null;
        }
        catch (ChatTemplateException)
        {
            return null; // It is about the language, not about conversations.
        }
    }

    private static RenderedPrompt Render(ChatModel model, Conversation conversation) =>
        model.Render(conversation.Messages, conversation.Instructions, conversation.Tools, []);

    private static int Count(string text, string word) => text.Split(word).Length - 1;

    private static AIFunction Tool() => AIFunctionFactory.Create((string qqtown) => qqtown, "qqtool", "qqdescribe");

    private static ChatMessage System(string text) => new(ChatRole.System, text);

    private static ChatMessage Developer(string text) => new(new ChatRole("developer"), text);

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static ChatMessage Assistant(string text) => new(ChatRole.Assistant, text);

    private static FunctionCallContent Call(string id, string town) => new(id, "qqtool", new Dictionary<string, object?> { ["qqtown"] = town });

    private static ChatMessage Results(params string[] idsAndTexts) =>
        new(ChatRole.Tool, [.. idsAndTexts.Chunk(2).Select(pair => new FunctionResultContent(pair[0], pair[1]))]);

    /// <summary>What is said, and where it is to be.</summary>
    internal sealed record Conversation(string Name, ChatMessage[] Messages)
    {
        public string? Instructions { get; init; }

        public ToolCatalog Tools { get; init; } = ToolCatalog.Empty;

        /// <summary>Words that come once and in this order.</summary>
        public string[] Said { get; init; } = [];

        /// <summary>Results that come once and in this order, each anywhere behind its call.</summary>
        public string[] Results { get; init; } = [];

        /// <summary>Words whose place the template chooses.</summary>
        public string[] Somewhere { get; init; } = [];

        public IEnumerable<string> Words => [.. Said, .. Results, .. Somewhere];
    }
}
