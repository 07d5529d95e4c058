using Minions.Core.Verification;

namespace Minions.Core.Tests.Verification;

public class ExactnessTests
{
    [Test]
    public void It_is_guaranteed_or_has_a_reason()
    {
        Exactness refused = Exactness.NotAvailable("one scale for all rows");

        Assert.Multiple(() =>
        {
            Assert.That((Exactness.Guaranteed.IsGuaranteed, Exactness.Guaranteed.Reason), Is.EqualTo((true, (string?)null)));
            Assert.That((refused.IsGuaranteed, refused.Reason), Is.EqualTo((false, "one scale for all rows")));
            Assert.That(refused.ToString(), Does.Contain("one scale for all rows"));
            Assert.That(() => Exactness.NotAvailable(" "), Throws.ArgumentException);
        });
    }
}
