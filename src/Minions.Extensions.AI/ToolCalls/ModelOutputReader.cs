using Minions.Core.Generation;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>
/// Reads the output of a model as it arrives and tells text, reasoning and calls apart. The parts do not depend on how the output was split, and
/// each comes as early as it is certain.
/// </summary>
/// <remarks>
/// White space before markup, and line breaks behind it, belong to it: templates put them there. So white space is held back until what follows
/// it is known, wherever markup may follow. Text on both sides of a call is kept apart by one line break. For one output, and one thread at a time.
/// </remarks>
internal sealed class ModelOutputReader
{
    private readonly OutputSyntax _syntax;
    private readonly ToolCatalog _tools;
    private readonly OutputCursor _cursor = new();
    private readonly PartSink _parts;
    private readonly IEnumerator<ReadStep> _steps;

    private bool _inReasoning;
    private CallReading? _reading;

    // Nothing but white space has come since the start or the last markup.
    private bool _fresh = true;

    // The line breaks that come next are the markup's.
    private bool _behindMarkup;

    private FinishReason _reason;

    /// <summary>Makes a reader for one output.</summary>
    /// <param name="syntax">The markup that the model writes.</param>
    /// <param name="tools">The tools that were offered.</param>
    /// <param name="startsInReasoning">Whether the prompt ends inside reasoning.</param>
    public ModelOutputReader(OutputSyntax syntax, ToolCatalog tools, bool startsInReasoning)
    {
        _syntax = syntax;
        _tools = tools;
        _parts = new PartSink(syntax.Calls?.Ids ?? CallIds.Any);
        _inReasoning = _behindMarkup = startsInReasoning && syntax.Reasoning is not null;
        _steps = Steps().GetEnumerator();
    }

    /// <summary>Whether the text that comes next is reasoning, as far as can be told. Who counts tokens asks before each.</summary>
    public bool IsInReasoning => _inReasoning || _reading is { IsInReasoning: true };

    /// <summary>Whether a call is being read, in which every text counts.</summary>
    public bool IsInCall => _reading is not null;

    /// <summary>Takes a piece of the output.</summary>
    /// <returns>What has become certain.</returns>
    /// <exception cref="InvalidOperationException">The output has ended.</exception>
    public IReadOnlyList<OutputPart> Read(ReadOnlySpan<char> piece)
    {
        if (_cursor.Ended)
            throw new InvalidOperationException("The output has ended. Read the next one with a reader of its own.");

        _cursor.Append(piece);
        _steps.MoveNext();
        return _parts.Fetch();
    }

    /// <summary>Says that the output has ended.</summary>
    /// <param name="reason">Why, for the message about a call that is not whole.</param>
    /// <returns>What was held back. A call that is not whole is one that is cut off.</returns>
    public IReadOnlyList<OutputPart> End(FinishReason reason = default)
    {
        if (_cursor.Ended)
            return [];

        _reason = reason;
        _cursor.End();
        _steps.MoveNext();
        return _parts.Fetch();
    }

    private IEnumerable<ReadStep> Steps()
    {
        while (true)
        {
            Marker marker;
            int space;
            while (!TryFindMarker(out marker, out space))
            {
                if (_cursor.Ended)
                    yield break;
                yield return ReadStep.More;
            }

            if (marker.Kind == MarkerKind.Call)
            {
                foreach (ReadStep step in ReadCalls(marker.Text, space))
                    yield return step;
            }
            else
            {
                _cursor.Advance(space + marker.Text.Length);
                _inReasoning = marker.Kind == MarkerKind.ReasoningOpen;
                _fresh = _behindMarkup = true;
            }

            _cursor.Mark();
        }
    }

    private IEnumerable<ReadStep> ReadCalls(string opener, int space)
    {
        string held = _cursor.Take(space);
        _cursor.Mark();
        _cursor.Advance(opener.Length);
        CallReading reading = _reading = new CallReading(_cursor, _parts, _tools, opener);
        foreach (ReadStep step in _syntax.Calls!.Read(reading))
        {
            if (step == ReadStep.NotMarkup)
            {
                _cursor.Reset();
                Add(held + _cursor.Take(opener.Length));
                _reading = null;
                _fresh = _behindMarkup = false;
                yield break;
            }

            if (_cursor.Ended)
            {
                reading.CutOff(_reason);
                _cursor.Advance(_cursor.Rest.Length);
                break;
            }

            yield return step;
        }

        _reading = null;
        _inReasoning = false;
        _fresh = _behindMarkup = true;
    }

    // Passes on the text before the next marker, up to where one may stand. The white space right before a marker is left in front of it.
    private bool TryFindMarker(out Marker marker, out int space)
    {
        MarkerSet markers = _inReasoning ? _syntax.InReasoning : _syntax.InText;
        marker = default;
        space = 0;
        if (_behindMarkup && !TryPassLineBreaks())
            return false;

        ReadOnlySpan<char> rest = _cursor.Rest;
        int sure = 0;
        for (int i = _cursor.CountSpace(); i < rest.Length && markers.Any(_fresh); i++)
        {
            if (char.IsWhiteSpace(rest[i]))
                continue;

            Sight sight = markers.See(rest[i..], _cursor.Ended, _fresh, out marker);
            if (sight != Sight.No)
            {
                space = i - sure;
                Add(_cursor.Take(sure));
                return sight == Sight.Yes;
            }

            sure = i + 1;
            _fresh = false;
        }

        bool all = _cursor.Ended || !markers.Any(_fresh);
        Add(_cursor.Take(all ? rest.Length : sure));
        return false;
    }

    private bool TryPassLineBreaks()
    {
        ReadOnlySpan<char> rest = _cursor.Rest;
        int run = _cursor.CountSpace();
        if (run == rest.Length && !_cursor.Ended)
            return false;

        _cursor.Advance(run == rest.Length ? run : rest[..run].LastIndexOf('\n') + 1);
        _behindMarkup = false;
        return true;
    }

    private void Add(string text)
    {
        if (_inReasoning)
            _parts.Reasoning(text);
        else
            _parts.Text(text);

        _cursor.Mark();
    }
}
