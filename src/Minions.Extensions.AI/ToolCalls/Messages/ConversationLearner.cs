using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Learning;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>
/// Finds the form in which a template shows conversations whole. Small conversations are put in one form after another, the one that templates are
/// written for first, until all that was said is in the prompt, once and in order.
/// </summary>
internal sealed class ConversationLearner
{
    private readonly ChatMarkup _markup;
    private readonly TemplateRender _render;
    private readonly ToolCatalog _tools;
    private int _words;

    private ConversationLearner(ChatMarkup markup, TemplateRender render, ToolCatalog tools) => (_markup, _render, _tools) = (markup, render, tools);

    /// <summary>Learns the form for requests that offer tools, or for those that offer none: their templates may differ.</summary>
    /// <param name="markup">What was learnt of the template before.</param>
    /// <param name="render">Renders by it.</param>
    /// <param name="withTools">Whether tools are offered.</param>
    public static ConversationForm Learn(ChatMarkup markup, TemplateRender render, bool withTools)
    {
        ConversationLearner learner = new(markup, render, withTools ? ProbeCall.Tools : ToolCatalog.Empty);
        ConversationForm form = new();
        if (withTools)
            form = learner.LearnTools(form);
        form = learner.LearnTurns(form);
        form = learner.LearnCalls(form);
        return learner.LearnReasoning(form);
    }

    private ConversationForm LearnTools(ConversationForm form)
    {
        foreach (ToolPlacement placement in (ToolPlacement[])[ToolPlacement.Variable, ToolPlacement.SystemMember])
        {
            ConversationForm candidate = form with { Tools = placement };
            if (Render(candidate, [Say(TemplateMessage.User)])?.Contains(ProbeCall.Name, StringComparison.Ordinal) == true)
                return _markup.Syntax.Calls is null ? form with { Tools = ToolPlacement.SystemText, CallsUnknown = true } : candidate;
        }

        return form with { Tools = ToolPlacement.SystemText };
    }

    private ConversationForm LearnTurns(ConversationForm form)
    {
        const string S = TemplateMessage.System, D = TemplateMessage.Developer, U = TemplateMessage.User, A = TemplateMessage.Assistant;

        // Where tools are announced in a system message that is refused, nothing else could be seen.
        form = First(form, [S, U, A, U], form, form with { System = SystemPlacement.Nowhere });
        form = First(form, [U, U, A, U, U], form, form with { MergesUsers = true });
        form = First(form, [U, A, A, U], form, form with { MergesAnswers = true });
        if (form.System != SystemPlacement.Nowhere)
        {
            form = Shows(form, [S, S, U, A, S, U, A, U]) ? form
                : form with { System = Shows(form, [S, S, U, A, U]) ? SystemPlacement.Leading : SystemPlacement.First };
        }

        return First(form, [S, D, U, A, D, U, A, D, U], form, form with { DeveloperAsSystem = true });
    }

    private ConversationForm First(ConversationForm otherwise, string[] roles, params ConversationForm[] candidates) =>
        Array.Find(candidates, candidate => Shows(candidate, roles)) ?? otherwise;

    private bool Shows(ConversationForm form, string[] roles) => Shows(form, [.. roles.Select(Say)]);

    private ConversationForm LearnCalls(ConversationForm form)
    {
        // A template that announces no tools and renders no calls knows neither.
        if (form.Tools == ToolPlacement.SystemText && _markup.RenderedCall is null)
            return form with { Calls = CallPlacement.Content, ResultsFromUser = true };

        TemplateMessage[] loop =
        [
            Say(TemplateMessage.System), Say(TemplateMessage.User), Call(0, 1), Result(0), Result(1), Call(2), Result(2), Say(TemplateMessage.Assistant),
            Say(TemplateMessage.User), Call(3), Result(3),
        ];
        // What the template renders by itself comes first. Some show the system message with the last message alone, so not in a loop.
        ConversationForm[] candidates =
        [
            .. from calls in (CallPlacement[])(_markup.RenderedCall is null ? [CallPlacement.Content] : [CallPlacement.Together, CallPlacement.OneByOne, CallPlacement.Content])
               from results in (bool[])[false, true]
               from system in form.System == SystemPlacement.Nowhere ? [form.System] : (SystemPlacement[])[form.System, SystemPlacement.Nowhere]
               select form with { Calls = calls, ResultsFromUser = results, System = system },
        ];
        if (Array.Find(candidates, candidate => Shows(candidate, loop)) is not { } found)
            return form;

        TemplateMessage[] conversation = [Say(TemplateMessage.User), Call(0) with { Content = Word() }, Result(0)];
        return FindText(found, conversation) ?? found with { DropsTextBesideCalls = true };
    }

    private ConversationForm LearnReasoning(ConversationForm form)
    {
        TemplateMessage[] thought = [Say(TemplateMessage.User), Call(0) with { Reasoning = Word().Text }, Result(0)];
        if (!Shows(form, thought))
            return _markup.Syntax.Reasoning is not null && IsThought(form with { ReasoningInContent = true }, thought) ? form with { ReasoningInContent = true } : form;

        TemplateMessage[] both = [Say(TemplateMessage.User), Call(0) with { Reasoning = Word().Text, Content = Word() }, Result(0)];
        return Shows(form, both, isOrdered: false) ? form : FindText(form, both) ?? form;
    }

    // Where in its message the text goes is left to the template. A message of its own must also be taken where the conversation goes on.
    private ConversationForm? FindText(ConversationForm form, TemplateMessage[] conversation) => Array.Find(
        [.. Enum.GetValues<TextPlacement>().Select(placement => form with { TextBesideCalls = placement })],
        candidate => Shows(candidate, conversation, isOrdered: false) && (candidate.TextBesideCalls != TextPlacement.Apart
            || Shows(candidate, [.. conversation, Say(TemplateMessage.Assistant), Say(TemplateMessage.User)], isOrdered: false)));

    // Templates that know reasoning may put markers of their own around what is no reasoning to them.
    private bool IsThought(ConversationForm form, TemplateMessage[] conversation)
    {
        if (!Shows(form, conversation))
            return false;

        string rendered = Render(form, conversation, addGenerationPrompt: false) ?? string.Empty;
        string answer = rendered[(rendered.LastIndexOf(conversation[0].Content.Text, StringComparison.Ordinal) + 1)..];
        return Count(answer, _markup.Syntax.Reasoning!.Open.Trim()) == 1 && Count(answer, _markup.Syntax.Reasoning.Close.Trim()) == 1;
    }

    // System messages may be moved to the front, and with calls that get messages of their own results do.
    private bool Shows(ConversationForm form, TemplateMessage[] conversation, bool isOrdered = true)
    {
        if (Render(form, conversation) is not { } prompt)
            return false;

        List<string> said = [];
        List<string> called = [];
        foreach (TemplateMessage message in conversation)
        {
            string[] words = [.. new[] { message.Reasoning, message.Content.Text }.Where(word => word.Length > 0)];
            string[] arguments = [.. message.Calls.Select(call => call.Arguments[ProbeCall.FirstKey]!.GetValue<string>())];
            if (words.Concat(arguments).Any(word => Count(prompt, word) != 1))
                return false;

            if (message.Role is not (TemplateMessage.System or TemplateMessage.Developer or TemplateMessage.Tool))
                said.AddRange([.. words, .. arguments]);
            if (message.Role == TemplateMessage.Tool)
                called.AddRange(words);
        }

        return !isOrdered || (IsInOrder(prompt, said) && IsInOrder(prompt, called));
    }

    private static bool IsInOrder(string prompt, List<string> words)
    {
        int[] places = [.. words.Select(word => prompt.IndexOf(word, StringComparison.Ordinal))];
        return places.SequenceEqual(places.Order());
    }

    private static int Count(string text, string word)
    {
        int count = 0;
        for (int at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + word.Length, StringComparison.Ordinal))
            count++;
        return count;
    }

    private string? Render(ConversationForm form, TemplateMessage[] conversation, bool addGenerationPrompt = true)
    {
        PromptMessages prompt = ConversationWriter.Write(conversation, null, _tools, form, _markup);
        try
        {
            return _render(prompt.Messages, prompt.Tools, addGenerationPrompt);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The template does not want such messages. What it does want is asked next.
            return null;
        }
    }

    // No word is part of another, or of a template.
    private MarkedText Word() => MarkedText.Content(FormattableString.Invariant($"zq{++_words:000}said"));

    private TemplateMessage Say(string role) => new(role, Word());

    private TemplateMessage Call(params int[] numbers) => TemplateMessage.Of(TemplateMessage.Assistant, string.Empty) with
    {
        Calls = [.. numbers.Select(number => new TemplateCall(
            Id(number), ProbeCall.Name, new JsonObject { [ProbeCall.FirstKey] = Word().Text, [ProbeCall.SecondKey] = number }))],
    };

    private TemplateMessage Result(int number) => Say(TemplateMessage.Tool) with { CallId = Id(number), Name = ProbeCall.Name };

    private string Id(int number) => (_markup.Syntax.Calls?.Ids ?? CallIds.Any).Fit(ProbeCall.Ids[0](number), ProbeCall.Name, number);
}
