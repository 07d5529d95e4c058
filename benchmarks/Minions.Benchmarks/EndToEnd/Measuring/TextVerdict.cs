namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>Whose text an answer is.</summary>
internal readonly record struct TextVerdict
{
    /// <summary>Whether ids and text are those that are promised, or <see langword="null"/> where nothing is promised.</summary>
    public bool? Identical { get; init; }

    /// <summary>Whether the ids are those that GenAI decodes plainly, or <see langword="null"/> where no arm runs GenAI.</summary>
    public bool? LikeGenAI { get; init; }

    /// <summary>Whether an arm of GenAI wrote the target's own ids in this library, or <see langword="null"/> for other arms.</summary>
    public bool? LikeOwn { get; init; }
}
