namespace Minions.Extensions.AI.ToolCalls.Reading;

/// <summary>What a reader that cannot go on says.</summary>
internal enum ReadStep
{
    /// <summary>It needs more text. At the end of the output there is none: what it was reading is cut off.</summary>
    More,

    /// <summary>What looked like markup is none: all of it from its marker on is text.</summary>
    NotMarkup,
}
