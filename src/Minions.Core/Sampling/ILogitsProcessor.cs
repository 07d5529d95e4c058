namespace Minions.Core.Sampling;

/// <summary>Changes logits before an id is chosen from them: a rule of the user's own, such as a grammar.</summary>
/// <remarks>
/// <para>
/// <b>A pure function of prefix and logits.</b> It runs on the rows of the target and of every draft, several times for one position, for
/// guesses that are rejected later, and on several threads at once, in no order. It must answer the same every time, keep no count of its
/// calls, and neither hold on to the spans nor block. Where it does not, texts depend on speculation.
/// </para>
/// <para>
/// <b>Faults.</b> What it throws for a row of the target fails the request with a <see cref="LogitsProcessorException"/>; other requests go
/// on. What it throws for a row of a draft leaves that draft out of the vote, as a failing draft is, and no more: the prefix is a guess that
/// the text may never take. Where it does, the target meets the same fault.
/// </para>
/// </remarks>
public interface ILogitsProcessor
{
    /// <summary>Changes a row in place.</summary>
    /// <param name="context">The text before the id that is about to be chosen.</param>
    /// <param name="logits">
    /// One logit for each id of the vocabulary (for a draft: of the draft's), after penalties and bias, before temperature and truncation.
    /// Negative infinity forbids an id; not all may be forbidden, and none may become not a number.
    /// </param>
    void Process(in LogitsContext context, Span<float> logits);
}
