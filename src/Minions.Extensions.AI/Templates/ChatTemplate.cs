using System.Text.Json.Nodes;
using Minions.Extensions.AI.Templates.Nodes;
using Minions.Extensions.AI.Templates.Syntax;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates;

/// <summary>
/// A chat template as models are published with: Jinja, of which everything means what it means to Jinja 3.1 as Hugging Face's transformers sets it up
/// (<c>trim_blocks</c>, <c>lstrip_blocks</c>, <c>break</c> and <c>continue</c>, <c>{% generation %}</c>, <c>tojson</c>, <c>raise_exception</c>,
/// <c>strftime_now</c>).
/// </summary>
/// <remarks>
/// <para>
/// A template sees the values it is given and nothing else: it cannot read files, reach objects of .NET or change what it is given, and it is held to
/// the limits of <see cref="ChatTemplateOptions"/>. Refused are <c>include</c>, <c>import</c>, <c>extends</c>, <c>block</c> and <c>autoescape</c>, the filters
/// <c>pprint</c>, <c>random</c>, <c>striptags</c>, <c>urlize</c>, <c>wordwrap</c> and <c>xmlattr</c>, the function <c>lipsum</c>, and the methods
/// <c>encode</c>, <c>maketrans</c> and <c>translate</c> of strings.
/// </para>
/// <para>Parsed once, it can be rendered by any number of threads at a time.</para>
/// </remarks>
public sealed class ChatTemplate
{
    private readonly Block _body;
    private readonly int _slotCount;
    private readonly ScopeEntry _entry;
    private readonly ChatTemplateOptions _options;

    private ChatTemplate(string source, string name, ChatTemplateOptions options)
    {
        (Source, Name, _options) = (source, name, options);
        _body = Parser.Parse(source);
        (_slotCount, _entry) = ScopeAnalyzer.Analyze(_body);
    }

    /// <summary>The name by which errors call the template.</summary>
    public string Name { get; }

    /// <summary>The template as it was given.</summary>
    public string Source { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="name">The name by which errors call it.</param>
    /// <param name="options">The limits and the clock, or <see langword="null"/> for the defaults.</param>
    /// <returns>The template.</returns>
    /// <exception cref="ArgumentException">An argument is <see langword="null"/>, or an option is out of range.</exception>
    /// <exception cref="ChatTemplateException">The template is not valid, or does what no chat template may.</exception>
    public static ChatTemplate Parse(string source, string name = "default", ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(name);
        ChatTemplateOptions valid = (options ?? new ChatTemplateOptions()).Validated();
        try
        {
            return new ChatTemplate(source, name, valid);
        }
        catch (TemplateFault fault)
        {
            throw Describe(fault, name);
        }
        catch (Exception exception)
        {
            throw Describe(TemplateFault.Unexpected(exception), name);
        }
    }

    /// <summary>Renders the prompt.</summary>
    /// <param name="input">The messages and whatever else the template reads.</param>
    /// <param name="cancellationToken">Ends the rendering; it is looked at every thousand steps.</param>
    /// <returns>The prompt.</returns>
    /// <exception cref="ArgumentException">
    /// The input lacks messages, is nested deeper than 256, has an integer of more than 4300 digits or a string that is no Unicode, or has a variable named like
    /// one of its properties.
    /// </exception>
    /// <exception cref="ChatTemplateException">The template refuses the messages, fails on them or exceeds a limit.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> is cancelled.</exception>
    public RenderedPrompt Render(ChatTemplateInput input, CancellationToken cancellationToken = default) =>
        Render(input, specialTokens: null, new RenderRun(_options, cancellationToken));

    internal RenderedPrompt Render(ChatTemplateInput input, JsonObject? specialTokens, CancellationToken cancellationToken) =>
        Render(input, specialTokens, new RenderRun(_options, cancellationToken));

    /// <summary>Renders at the cost of a run, which tells afterwards what that was.</summary>
    internal RenderedPrompt Render(ChatTemplateInput input, JsonObject? specialTokens, RenderRun run)
    {
        try
        {
            InputValues.Define(input, specialTokens, run);
            var scope = new Activation(run, outer: null, _slotCount);
            _entry.Enter(scope);
            StringValue text = _body.Capture(scope).Text;
            return new RenderedPrompt(text.Text, Ranges(text.Marks));
        }
        catch (TemplateFault fault)
        {
            throw Describe(fault, Name);
        }
    }

    private static Range[] Ranges(ContentMarks? marks)
    {
        if (marks is null)
            return [];

        var ranges = new Range[marks.Ranges.Length];
        for (int index = 0; index < ranges.Length; index++)
            ranges[index] = marks.Ranges[index].Start..marks.Ranges[index].End;
        return ranges;
    }

    private static ChatTemplateException Describe(TemplateFault fault, string name) =>
        new(name, fault.Line, fault.Construct, KindOf(fault), fault.Message, fault.InnerException ?? fault);

    private static ChatTemplateErrorKind KindOf(TemplateFault fault) => fault.Kind switch
    {
        FaultKind.Syntax => ChatTemplateErrorKind.Syntax,
        FaultKind.UnknownName => ChatTemplateErrorKind.UnknownName,
        FaultKind.Undefined => ChatTemplateErrorKind.UndefinedValue,
        FaultKind.Raised => ChatTemplateErrorKind.Raised,
        FaultKind.Forbidden => ChatTemplateErrorKind.NotAllowed,
        FaultKind.Type => ChatTemplateErrorKind.WrongType,
        FaultKind.Value => ChatTemplateErrorKind.WrongValue,
        FaultKind.Internal => ChatTemplateErrorKind.Internal,
        _ => ChatTemplateErrorKind.LimitExceeded,
    };
}
