using System.Text.Json.Nodes;
using Minions.Core;

namespace Minions.Extensions.AI.Templates;

/// <summary>The chat templates that a model folder has, and the special tokens that they name.</summary>
/// <remarks>
/// <para>The templates are the first found of these, as in transformers:</para>
/// <list type="number">
/// <item><description><c>chat_template.jinja</c>, with <c>additional_chat_templates/NAME.jinja</c> beside it;</description></item>
/// <item><description><c>chat_template</c> of <c>tokenizer_config.json</c>: a string, or a list of objects with <c>name</c> and <c>template</c>;</description></item>
/// <item><description><c>chat_template</c> of <c>chat_template.json</c>, which models for images used to have.</description></item>
/// </list>
/// <para>
/// Where there is none, <see cref="IsPlain"/> is <see langword="true"/>, and the prompt has each message as <c>Role: text</c> with an empty line behind it,
/// and <c>Assistant:</c> at the end. Such a prompt knows no tools: with tools, rendering fails.
/// </para>
/// <para>Safe to use from several threads at once.</para>
/// </remarks>
public sealed class ChatTemplateSet
{
    private readonly Dictionary<string, ChatTemplate> _templates;
    private readonly JsonObject _specialTokens;

    private ChatTemplateSet(Dictionary<string, ChatTemplate> templates, JsonObject specialTokens, bool isPlain)
    {
        (_templates, _specialTokens, IsPlain) = (templates, specialTokens, isPlain);
        Default = templates[ChatTemplateFiles.Default];
        ToolUse = templates.GetValueOrDefault(ChatTemplateFiles.ToolUse, Default);
    }

    /// <summary>The plain format of models that have no template, without special tokens.</summary>
    public static ChatTemplateSet Plain { get; } = new(Parse(new() { [ChatTemplateFiles.Default] = PlainFormat.Source }, null), [], isPlain: true);

    /// <summary>Whether the folder has no template, so that the plain format takes its place.</summary>
    public bool IsPlain { get; }

    /// <summary>The template named <c>default</c>, or the only one.</summary>
    public ChatTemplate Default { get; }

    /// <summary>The template for requests with tools: the one named <c>tool_use</c>, or else the default one.</summary>
    public ChatTemplate ToolUse { get; }

    /// <summary>All templates by their names.</summary>
    public IReadOnlyDictionary<string, ChatTemplate> Templates => _templates;

    /// <summary>Reads the templates of a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">The limits and the clock, or <see langword="null"/> for the defaults.</param>
    /// <returns>The templates.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty, or an option is out of range.</exception>
    /// <exception cref="ModelLoadException">The folder does not exist, or a file in it cannot be read or is malformed.</exception>
    /// <exception cref="ChatTemplateException">A template is not valid.</exception>
    public static ChatTemplateSet Load(string folder, ChatTemplateOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var files = new ChatTemplateFiles(folder);
        Dictionary<string, string> sources = files.ReadTemplates();
        bool isPlain = sources.Count == 0;
        if (isPlain)
            sources = new() { [ChatTemplateFiles.Default] = PlainFormat.Source };
        return new ChatTemplateSet(Parse(sources, options), files.ReadSpecialTokens(), isPlain);
    }

    /// <summary>Takes a template that does not come from a folder, such as an option.</summary>
    /// <param name="source">The template.</param>
    /// <param name="folder">The model folder, whose special tokens are given to the template; <see langword="null"/> to give it none.</param>
    /// <param name="options">The limits and the clock, or <see langword="null"/> for the defaults.</param>
    /// <returns>The template as the only one of a set.</returns>
    /// <exception cref="ArgumentException"><paramref name="source"/> is <see langword="null"/>, or an option is out of range.</exception>
    /// <exception cref="ModelLoadException">The folder does not exist, or a file in it cannot be read or is malformed.</exception>
    /// <exception cref="ChatTemplateException">The template is not valid.</exception>
    public static ChatTemplateSet FromSource(string source, string? folder = null, ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        JsonObject specialTokens = folder is null ? [] : new ChatTemplateFiles(folder).ReadSpecialTokens();
        return new ChatTemplateSet(Parse(new() { [ChatTemplateFiles.Default] = source }, options), specialTokens, isPlain: false);
    }

    /// <summary>
    /// Renders the prompt by <see cref="ToolUse"/> where the input has tools and by <see cref="Default"/> where it has none. The model's special tokens, such
    /// as <c>bos_token</c>, are variables; those that the input has of the same name take their place.
    /// </summary>
    /// <param name="input">The messages and whatever else the template reads.</param>
    /// <param name="cancellationToken">Ends the rendering; it is looked at every thousand steps.</param>
    /// <returns>The prompt.</returns>
    /// <exception cref="ArgumentException">
    /// The input lacks messages, is nested deeper than 256, has an integer of more than 4300 digits or a string that is no Unicode, or has a variable named like
    /// one of its properties.
    /// </exception>
    /// <exception cref="ChatTemplateException">The template refuses the messages, fails on them or exceeds a limit.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> is cancelled.</exception>
    public RenderedPrompt Render(ChatTemplateInput input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return (input.Tools is null ? Default : ToolUse).Render(input, _specialTokens, cancellationToken);
    }

    private static Dictionary<string, ChatTemplate> Parse(Dictionary<string, string> sources, ChatTemplateOptions? options) =>
        sources.ToDictionary(source => source.Key, source => ChatTemplate.Parse(source.Value, source.Key, options), StringComparer.Ordinal);
}
