// Stands for what a bundle leaves out.
export default {};
