using Minions.Extensions.AI.Reasoning;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>How a family of models writes the calls of tools.</summary>
/// <remarks>Used by any number of readers at once: what is read lives in the <see cref="CallReading"/>.</remarks>
internal interface IToolCallFormat
{
    /// <summary>The family.</summary>
    string Name { get; }

    /// <summary>What starts the markup of calls wherever it stands.</summary>
    IReadOnlyList<string> Openers { get; }

    /// <summary>What starts it only where nothing but white space has come since the start or the last markup.</summary>
    IReadOnlyList<string> FreshOpeners => [];

    /// <summary>What else belongs to the markup, and only has to be left out.</summary>
    IReadOnlyList<string> SilentMarkers => [];

    /// <summary>Whether an opener inside reasoning ends it. Else it is a word of the reasoning.</summary>
    bool EndsReasoning => false;

    /// <summary>Whether all of the output is framed by this markup, so that it is read even where no tools are offered.</summary>
    bool FramesAllOutput => false;

    /// <summary>The reasoning markers that belong to the family, if they are always the same.</summary>
    ReasoningMarkers? Reasoning => null;

    /// <summary>The ids of calls.</summary>
    CallIds Ids => CallIds.Any;

    /// <summary>Whether the source of a chat template shows that its model writes calls so.</summary>
    bool IsMentionedIn(string templateSource);

    /// <summary>Reads what follows an opener, up to the end of its markup.</summary>
    IEnumerable<ReadStep> Read(CallReading reading);
}
