use diagrammatic::burn::module::{Module, ModuleVisitor, Param};
use diagrammatic::burn::tensor::Tensor;

/// How many numbers of a model are trained. Burn's own `num_params` counts running statistics, too.
pub(crate) fn trained(model: &impl Module) -> usize {
    struct Count(usize);
    impl ModuleVisitor for Count {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if param.is_require_grad() {
                self.0 += param.shape().num_elements();
            }
        }
    }
    let mut count = Count(0);
    model.visit(&mut count);
    count.0
}
