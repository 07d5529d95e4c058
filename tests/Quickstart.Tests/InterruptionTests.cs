namespace Quickstart.Tests;

public sealed class InterruptionTests
{
    [Test]
    public void The_first_ends_an_answer_alone_and_the_next_one_the_run()
    {
        var interruption = new Interruption();
        CancellationToken answer = interruption.BeginAnswer();

        Assert.That(interruption.Interrupt(), Is.True);
        Assert.That((answer.IsCancellationRequested, interruption.Run.IsCancellationRequested), Is.EqualTo((true, false)));
        Assert.That(interruption.Interrupt(), Is.True);
        Assert.That(interruption.Run.IsCancellationRequested, Is.True);
        Assert.That(interruption.Interrupt(), Is.False, "nothing is left to end in order");
    }

    [Test]
    public void Between_answers_it_ends_the_run()
    {
        var interruption = new Interruption();
        CancellationToken answer = interruption.BeginAnswer();
        interruption.EndAnswer();

        Assert.That(interruption.Interrupt(), Is.True);
        Assert.That((answer.IsCancellationRequested, interruption.Run.IsCancellationRequested), Is.EqualTo((false, true)));
    }

    [Test]
    public void The_end_of_the_run_is_the_end_of_answers()
    {
        var interruption = new Interruption();
        CancellationToken before = interruption.BeginAnswer();
        interruption.Terminate();

        Assert.That((before.IsCancellationRequested, interruption.BeginAnswer().IsCancellationRequested), Is.EqualTo((true, true)));
    }
}
