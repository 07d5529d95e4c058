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
    private readonly ChatTemplateSet _templates;
    private readonly ITextTokenizer _tokenizer;
    private readonly JsonObject _variables;
    private readonly bool _parsesSpecialTokens;

    public ChatModel(ChatTemplateSet templates, ITextTokenizer tokenizer, MinionsChatClientOptions options, ChatClientMetadata metadata)
    {
        (_templates, _tokenizer, Metadata) = (templates, tokenizer, metadata);
        _variables = (JsonObject)options.Variables.DeepClone();
        _parsesSpecialTokens = options.ParseSpecialTokensInMessages;
        Defaults = options.Generation;
        ChatMarkup learnt = ChatMarkup.Learn(templates.ToolUse.Source, (messages, tools, addGenerationPrompt) => Render(messages, tools, addGenerationPrompt, []).Text);
        KnowsTools = learnt.Syntax.Calls is not null && ShowsTools();
        Markup = KnowsTools ? learnt : learnt with { Syntax = new OutputSyntax(new HermesFormat(), learnt.Syntax.Reasoning), ArgumentsAsText = false, NoContentBesideCalls = false };
    }

    public ChatClientMetadata Metadata { get; }

    public GenerationOptions Defaults { get; }

    /// <summary>The markup in what the model writes, and how its template wants messages.</summary>
    public ChatMarkup Markup { get; }

    /// <summary>Whether the template shows tools to the model; where it does not, they are put into the messages' text.</summary>
    public bool KnowsTools { get; }

    /// <summary>Whether the model has no template.</summary>
    public bool IsPlain => _templates.IsPlain;

    /// <summary>Renders the prompt of a conversation, whose messages follow the instructions where there are some.</summary>
    public RenderedPrompt Render(IEnumerable<ChatMessage> conversation, string? instructions, ToolCatalog tools, JsonObject variables)
    {
        JsonArray messages = TemplateMessages.From(conversation, Markup);
        if (!string.IsNullOrEmpty(instructions))
            SystemMessage.Put(messages, own => own is null ? instructions : $"{instructions}\n\n{own}");
        JsonArray? offered = tools.ToTemplate();
        return KnowsTools ? Render(messages, offered, addGenerationPrompt: true, variables) : Render(ToolsInText.Put(messages, offered), null, addGenerationPrompt: true, variables);
    }

    /// <summary>The ids of a prompt: special tokens are those that the template wrote, not those in messages.</summary>
    public IReadOnlyList<int> Encode(RenderedPrompt prompt) => _tokenizer.EncodePrompt(prompt.Text, _parsesSpecialTokens ? [] : prompt.ContentRanges, addBeginToken: false);

    private RenderedPrompt Render(JsonArray messages, JsonArray? tools, bool addGenerationPrompt, JsonObject variables)
    {
        var all = (JsonObject)_variables.DeepClone();
        foreach ((string name, JsonNode? value) in variables)
            all[name] = value?.DeepClone();
        return _templates.Render(new ChatTemplateInput { Messages = messages, Tools = tools, AddGenerationPrompt = addGenerationPrompt, Variables = all });
    }

    private bool ShowsTools()
    {
        const string Name = "zq_probe";

        // A collection expression would call the generic Add, which trimming and native code rule out.
        var tools = new JsonArray(new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = Name, ["description"] = "", ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() } } });
        try
        {
            return Render(new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "?" }), tools, addGenerationPrompt: true, []).Text.Contains(Name, StringComparison.Ordinal);
        }
        catch (ChatTemplateException)
        {
            return false;
        }
    }
}
