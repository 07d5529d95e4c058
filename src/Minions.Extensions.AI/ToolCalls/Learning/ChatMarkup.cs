using Minions.Extensions.AI.Reasoning;

namespace Minions.Extensions.AI.ToolCalls.Learning;

/// <summary>What a model's chat template tells of the markup in its output, and of how it wants messages put.</summary>
internal sealed record ChatMarkup
{
    private static readonly string[] ReasoningFields = [DefaultReasoningField, "thinking", "reasoning"];

    private const string DefaultReasoningField = "reasoning_content";
    private const string Thought = "zq thought";

    /// <summary>The markup in the output.</summary>
    public OutputSyntax Syntax { get; init; } = OutputSyntax.Plain;

    /// <summary>Whether the template wants the arguments of calls as the text of a JSON object, instead of the object.</summary>
    public bool ArgumentsAsText { get; init; }

    /// <summary>Whether the template wants no content, instead of an empty one, in a message that only has calls.</summary>
    public bool NoContentBesideCalls { get; init; }

    /// <summary>What the template renders of one call of <see cref="ProbeCall"/>; null where it renders none that can be read.</summary>
    public string? RenderedCall { get; init; }

    /// <summary>The member of an assistant's message that the template reads its reasoning from.</summary>
    public string ReasoningField { get; init; } = DefaultReasoningField;

    /// <summary>Whether the output behind a prompt starts inside reasoning.</summary>
    public bool StartsInReasoning(string prompt) => Syntax.Reasoning?.IsOpenAtEndOf(prompt) ?? false;

    /// <summary>Learns from a template: from what it renders of calls and reasoning, and where it renders none, from its source.</summary>
    /// <param name="templateSource">The template.</param>
    /// <param name="render">Renders by it. What it throws says that the template does not want such messages.</param>
    public static ChatMarkup Learn(string templateSource, TemplateRender render)
    {
        TemplateProbe probe = new(render);
        (string field, ReasoningMarkers? learnt) = LearnReasoning(probe);
        ReasoningMarkers? reasoning = KnownReasoning.MentionedIn(templateSource) ?? learnt;
        ChatMarkup markup = LearnCalls(probe, reasoning) is var (format, form, rendered)
            ? new ChatMarkup
            {
                Syntax = new OutputSyntax(format, reasoning),
                RenderedCall = rendered,
                ArgumentsAsText = form.ArgumentsAsText,
                NoContentBesideCalls = !Renders(probe, form with { Content = ContentForm.Empty }) && Renders(probe, form with { Content = ContentForm.Null }),
            }
            : new ChatMarkup { Syntax = new OutputSyntax(ToolCallFormats.MentionedIn(templateSource), reasoning) };

        return markup with { ReasoningField = field };

        bool Renders(TemplateProbe asked, CallForm how) =>
            asked.Calls(how, 1) is { } one && FormatLearner.Find(one, null, reasoning) is not null;
    }

    private static (IToolCallFormat Format, CallForm Form, string Rendered)? LearnCalls(TemplateProbe probe, ReasoningMarkers? reasoning)
    {
        foreach (bool asText in (bool[])[false, true])
        {
            foreach (Func<int, string> id in ProbeCall.Ids)
            {
                foreach (ContentForm content in Enum.GetValues<ContentForm>())
                {
                    CallForm form = new(asText, content, id);
                    if (probe.Calls(form, 1) is { } one && FormatLearner.Find(one, probe.Calls(form, 2), reasoning) is { } format)
                        return (format, form, one);
                }
            }
        }

        return null;
    }

    private static (string Field, ReasoningMarkers? Markers) LearnReasoning(TemplateProbe probe)
    {
        string plain = probe.Plain() ?? string.Empty;
        foreach (string field in ReasoningFields)
        {
            foreach (bool withCall in (bool[])[false, true])
            {
                if (probe.WithReasoning(field, Thought, withCall) is { } rendered && rendered.Contains(Thought, StringComparison.Ordinal))
                    return (field, Around(rendered, plain));
            }
        }

        return (DefaultReasoningField, null);
    }

    // The tags right before and right behind the thought, unless an answer without any has them too.
    private static ReasoningMarkers? Around(string rendered, string plain)
    {
        int at = rendered.IndexOf(Thought, StringComparison.Ordinal);
        string before = rendered[..at].TrimEnd();
        string behind = rendered[(at + Thought.Length)..].TrimStart();
        int open = before.EndsWith('>') ? before.LastIndexOf('<') : before.EndsWith(']') ? before.LastIndexOf('[') : -1;
        int close = behind.StartsWith('<') ? behind.IndexOf('>', StringComparison.Ordinal) : behind.StartsWith('[') ? behind.IndexOf(']', StringComparison.Ordinal) : -1;
        if (open < 0 || close < 0)
            return null;

        ReasoningMarkers markers = new(before[open..], behind[..(close + 1)]);
        bool ordinary = plain.Contains(markers.Open, StringComparison.Ordinal) && plain.Contains(markers.Close, StringComparison.Ordinal);
        return ordinary || markers.Open == markers.Close ? null : markers;
    }
}
