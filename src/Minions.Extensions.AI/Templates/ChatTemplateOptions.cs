namespace Minions.Extensions.AI.Templates;

/// <summary>The limits that a template is held to, and its clock. They are copied when a template is parsed.</summary>
public sealed class ChatTemplateOptions
{
    /// <summary>The most characters that the prompt, or any text on the way to it, may have: at least 1.</summary>
    /// <value>The default value is 16,777,216.</value>
    public int MaximumLength { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// The most characters that all texts of a rendering may have together, those on the way to the prompt included: at least 1. Each text counts as 32 more
    /// than it has. A prompt takes a few times its length of them. This limit and that of the steps bound the memory that a rendering holds.
    /// </summary>
    /// <value>The default value is 67,108,864, which is four times that of <see cref="MaximumLength"/>.</value>
    public long MaximumTotalLength { get; set; } = 64 * 1024 * 1024;

    /// <summary>How deep calls of macros and recursive loops may be nested: at least 1.</summary>
    /// <value>The default value is 100.</value>
    public int MaximumDepth { get; set; } = 100;

    /// <summary>
    /// The most steps that a rendering may take: at least 1. Each evaluation of an expression, each statement and each item of a loop or of a comparison is a
    /// step; so is the copying of 64 characters, or a look at 8 of them one by one. A turn of a chat takes some hundred steps; ten million take about a second.
    /// </summary>
    /// <value>The default value is 10,000,000.</value>
    public long MaximumSteps { get; set; } = 10_000_000;

    /// <summary>The clock that <c>strftime_now</c> reads, in its local time zone.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal ChatTemplateOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumTotalLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumDepth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumSteps, 1);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        return (ChatTemplateOptions)MemberwiseClone();
    }
}
