using System.Diagnostics.CodeAnalysis;

namespace Quickstart;

/// <summary>What Ctrl+C ends: the answer of a chat that is under way, and else the run. Safe to use from several threads.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The sources have neither a timer nor a wait handle, so there is nothing to free.")]
internal sealed class Interruption
{
    private readonly CancellationTokenSource _run = new();
    private volatile CancellationTokenSource? _answer;

    /// <summary>Signalled when the run has to end.</summary>
    public CancellationToken Run => _run.Token;

    /// <summary>Ctrl+C was pressed.</summary>
    /// <returns>Whether there was something left to end in order; else the process should end at once.</returns>
    public bool Interrupt()
    {
        if (_answer is not { IsCancellationRequested: false } answer)
            return Terminate();

        answer.Cancel();
        return true;
    }

    /// <summary>Ends the run, and with it an answer under way.</summary>
    /// <returns>Whether the run had not been ended before.</returns>
    public bool Terminate()
    {
        bool isFirst = !_run.IsCancellationRequested;
        _run.Cancel();
        _answer?.Cancel();
        return isFirst;
    }

    /// <summary>An answer begins, which the next Ctrl+C ends alone.</summary>
    /// <returns>Signalled when the answer has to end.</returns>
    public CancellationToken BeginAnswer()
    {
        var answer = new CancellationTokenSource();
        _answer = answer;
        if (_run.IsCancellationRequested)
            answer.Cancel();
        return answer.Token;
    }

    /// <summary>The answer has ended: Ctrl+C ends the run again.</summary>
    public void EndAnswer() => _answer = null;
}
