using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Minions.Core.Generation;
using Minions.Core.Tokenization;
using Minions.Extensions.AI.Templates;
using Minions.Extensions.AI.ToolCalls;
using Minions.Extensions.AI.ToolCalls.Formats;
using Minions.Extensions.AI.ToolCalls.Learning;
using Minions.Extensions.AI.ToolCalls.Messages;

namespace Minions.Extensions.AI.Chat;

/// <summary>What is known of the model behind a client once it is loaded: its template, the markup it writes, its tokenizer. Immutable.</summary>
internal sealed class ChatModel
{
    private static readonly Dictionary<int, Range[]> NoMarkup = [];

    private readonly ChatTemplateSet _templates;
    private readonly ITextTokenizer _tokenizer;
    private readonly JsonObject _variables;
    private readonly bool _parsesSpecialTokens;
    private readonly ConversationForm _withTools;
    private readonly ConversationForm _withoutTools;

    public ChatModel(ChatTemplateSet templates, ITextTokenizer tokenizer, MinionsChatClientOptions options, ChatClientMetadata metadata)
    {
        (_templates, _tokenizer, Metadata) = (templates, tokenizer, metadata);
        _variables = (JsonObject)options.Variables.DeepClone();
        _parsesSpecialTokens = options.ParseSpecialTokensInMessages;
        Defaults = options.Generation;
        SpecialTokens = new SpecialTokenTexts(tokenizer);
        ChatMarkup learnt = ChatMarkup.Learn(templates.ToolUse.Source, Probe);
        _withTools = ConversationLearner.Learn(learnt, Probe, withTools: true);
        _withoutTools = ConversationLearner.Learn(learnt, Probe, withTools: false);
        KnowsTools = _withTools.Tools != ToolPlacement.SystemText;
        bool ownCalls = KnowsTools || _withTools.Calls != CallPlacement.Content;
        Markup = ownCalls ? learnt : learnt with { Syntax = new OutputSyntax(new HermesFormat(), learnt.Syntax.Reasoning) };

        string Probe(JsonArray messages, JsonArray? tools, bool addGenerationPrompt) =>
            _templates.Render(InputOf(new PromptMessages(messages, tools, NoMarkup), addGenerationPrompt, [])).Text;
    }

    public ChatClientMetadata Metadata { get; }

    public GenerationOptions Defaults { get; }

    /// <summary>How special tokens are written.</summary>
    public SpecialTokenTexts SpecialTokens { get; }

    /// <summary>The markup in what the model writes, and how its template wants messages.</summary>
    public ChatMarkup Markup { get; }

    /// <summary>Whether the template shows tools to the model, and its model's calls are known; where it does not, they are told of in the system message.</summary>
    public bool KnowsTools { get; }

    /// <summary>Whether the template shows tools, but nothing tells how its model writes calls.</summary>
    public bool HasUnknownCalls => _withTools.CallsUnknown;

    /// <summary>Whether the template leaves out what a message says beside its calls.</summary>
    public bool DropsTextBesideCalls => _withTools.DropsTextBesideCalls;

    /// <summary>Whether the model has no template.</summary>
    public bool IsPlain => _templates.IsPlain;

    /// <summary>Renders the prompt of a conversation, whose messages follow the instructions where there are some.</summary>
    public RenderedPrompt Render(IEnumerable<ChatMessage> conversation, string? instructions, ToolCatalog tools, JsonObject variables) =>
        _templates.Render(InputOf(conversation, instructions, tools, variables));

    /// <summary>What the template gets of a conversation.</summary>
    public ChatTemplateInput InputOf(IEnumerable<ChatMessage> conversation, string? instructions, ToolCatalog tools, JsonObject variables)
    {
        List<TemplateMessage> messages = TemplateMessages.From(conversation, Markup);
        return InputOf(ConversationWriter.Write(messages, instructions, tools, tools.Count > 0 ? _withTools : _withoutTools, Markup), addGenerationPrompt: true, variables);
    }

    /// <summary>The ids of a prompt: special tokens are those that the template wrote, not those in messages.</summary>
    public IReadOnlyList<int> Encode(RenderedPrompt prompt) => _tokenizer.EncodePrompt(prompt.Text, _parsesSpecialTokens ? [] : prompt.ContentRanges, addBeginToken: false);

    private ChatTemplateInput InputOf(PromptMessages prompt, bool addGenerationPrompt, JsonObject variables)
    {
        var all = (JsonObject)_variables.DeepClone();
        foreach ((string name, JsonNode? value) in variables)
            all[name] = value?.DeepClone();
        return new ChatTemplateInput
        {
            Messages = prompt.Messages,
            Tools = prompt.Tools,
            AddGenerationPrompt = addGenerationPrompt,
            Variables = all,
            ContentMarkup = prompt.ContentMarkup,
        };
    }
}
